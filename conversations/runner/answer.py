"""One answer while it is written: the text so far, what pages have of it, and the next fragment for them."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from uuid import UUID

import orjson
from django.utils import timezone

from conversations import live_text
from conversations.continuing import seam
from conversations.events import conversation_topic
from conversations.reasoning_words import thought_for
from conversations.rendering import Fragment, StreamRenderer
from conversations.services.claim_generation import Job
from realtime.services import channel

Command = tuple[str | bytes | int, ...]


class Answer:
    """Collects deltas; `take_commands` turns what is new into Redis commands. Used by one event loop only."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.started = timezone.now()
        self.first_token_at: datetime | None = None
        self._thought_from: float | None = None  # monotonic, like the next
        self._thought_until: float | None = None
        self.stop_requested = False
        self.lost = False  # the run belongs to nobody any more: the sweeper closed it
        self.task: asyncio.Task[None] | None = None
        self.call_id = ""  # what the provider calls this call
        self.log_broken = False  # Redis does not have the whole text
        self.checkpointed = 0
        self.thought_checkpointed = False
        # What a page shows of an earlier answer before this one goes on.
        self._before = job.continues
        self._seam_due = bool(self._before)
        self._renderer = StreamRenderer.from_text(self._before)
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._sent_text = 0  # items of `_text` that are on the wire
        self._sent_reasoning = 0
        self._thought_length = 0
        self._thought_told = False
        self._level_due = False
        self._length = len(self._before)
        self._channel = channel(conversation_topic(job.conversation_id))
        self._text_key = live_text.text_key(job.message_id)
        self._reasoning_key = live_text.reasoning_key(job.message_id)
        self._call_key = live_text.call_key(job.message_id)
        self._message = str(job.message_id)
        self._log_sizes: dict[str, int] = {}  # bytes that Redis should have, by key

    @property
    def id(self) -> UUID:
        return self.job.generation_id

    @property
    def text(self) -> str:
        """All of the answer, with what it goes on from."""
        return self._before + self.produced

    @property
    def produced(self) -> str:
        """What this generation has written."""
        return "".join(self._text)

    @property
    def reasoning(self) -> str:
        return "".join(self._reasoning)

    @property
    def reasoning_seconds(self) -> float | None:
        """From the first thought to the first word of the answer, or until now where none has come. None without thoughts."""
        if self._thought_from is None:
            return None
        return (time.monotonic() if self._thought_until is None else self._thought_until) - self._thought_from

    @property
    def has_thought(self) -> bool:
        """It has reasoned, and the answer itself has begun."""
        return self._thought_from is not None and self._thought_until is not None

    @property
    def size(self) -> int:
        """Pieces so far: changes exactly when something was added."""
        return len(self._text) + len(self._reasoning)

    def add_text(self, delta: str) -> None:
        text = _storable(delta)
        if self._seam_due and text:
            self._seam_due = False
            text = seam(self._before, text) + text
        self._text.append(text)
        if self._thought_until is None and text.strip():
            self._thought_until = time.monotonic()
        if self.first_token_at is None:
            self.first_token_at = timezone.now()

    def add_reasoning(self, delta: str) -> None:
        if not delta:
            return  # the model thinks without saying what
        self._reasoning.append(_storable(delta))
        if self._thought_from is None and self._thought_until is None:
            self._thought_from = time.monotonic()
        if self.first_token_at is None:
            self.first_token_at = timezone.now()

    @property
    def page_lags(self) -> bool:
        """Pages do not show the last words yet: they were not worth rendering their block again."""
        return self._renderer.lags

    def level_page(self) -> None:
        """The next `take_commands` shows everything, even without news."""
        self._level_due = True

    def take_commands(self) -> list[Command]:
        """Redis commands that bring the log and all pages up to date; empty when nothing is new."""
        delta = "".join(self._text[self._sent_text :])
        thought = "".join(self._reasoning[self._sent_reasoning :])
        self._sent_text, self._sent_reasoning = len(self._text), len(self._reasoning)
        level, self._level_due = self._level_due, False
        if not delta and not thought:
            return self._level_commands() if level else []
        commands = self._log_commands(delta, thought)
        event: dict[str, object] = {"type": "delta", "message": self._message, "from": self._length}
        self._length += len(delta)
        event["to"] = self._length
        if delta:
            event.update(_changes(self._renderer.feed(delta)))
        if thought:
            event["reasoning"] = thought
            self._thought_length += len(thought)
        if self._thought_length:
            event["thought"] = self._thought_length
        if self.has_thought and not self._thought_told:
            self._thought_told = True
            event["thought_for"] = thought_for(self.reasoning_seconds)
        commands.append(("PUBLISH", self._channel, orjson.dumps(event)))
        return commands

    def _level_commands(self) -> list[Command]:
        changes = _changes(self._renderer.finish())
        if not changes:
            return []
        event = {"type": "delta", "message": self._message, "from": self._length, "to": self._length, **changes}
        return [("PUBLISH", self._channel, orjson.dumps(event))]

    def log_is_whole(self, key: str, size: int) -> bool:
        """Whether Redis, which says that it has `size` bytes under the key now, has forgotten nothing and heard nothing twice."""
        return self._log_sizes.get(key) == size

    def whole_log(self) -> list[Command]:
        """Commands that write the log anew."""
        self.log_broken = False
        self._log_sizes = {}
        commands: list[Command] = []
        texts = (self._before, *self._text[: self._sent_text])
        for key, sent in ((self._text_key, texts), (self._reasoning_key, self._reasoning[: self._sent_reasoning])):
            whole = "".join(sent).encode()
            self._log_sizes[key] = len(whole)
            if whole:
                commands.append(("SET", key, whole, "EX", live_text.TTL_SECONDS))
        if self.call_id:  # for the ledger, should this process die
            commands.append(("SET", self._call_key, self.call_id, "EX", live_text.TTL_SECONDS))
        return commands

    def _log_commands(self, delta: str, thought: str) -> list[Command]:
        if self.log_broken or not self._log_sizes:
            return self.whole_log()
        commands: list[Command] = []
        for key, more in ((self._text_key, delta.encode()), (self._reasoning_key, thought.encode())):
            if more:
                self._log_sizes[key] += len(more)
                commands.append(("APPEND", key, more))
        return commands


def _changes(fragment: Fragment) -> dict[str, str]:
    """The fields of a delta that change the page."""
    changes = {"closed": fragment.closed} if fragment.closed else {}
    if fragment.tail is not None:
        changes["tail"] = fragment.tail
    if fragment.append is not None:
        changes["append"] = fragment.append
    return changes


def _storable(text: str) -> str:
    """Without what PostgreSQL (NUL) and UTF-8 (lone surrogates) cannot hold."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text
