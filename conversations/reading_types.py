"""Values of pages for reading: shared conversations, exports, prints. None of them names a person, a workspace or a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conversations.reading import BranchStep


@dataclass(frozen=True, slots=True)
class ReadingMessage:
    """A finished message as `templates/conversations/_reading_message.html` shows it. `html` is an answer's, already sanitised."""

    role: str
    text: str
    html: str
    reasoning: str
    model_name: str
    said_at: datetime
    cut_short: bool = False
    reasoning_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The shown branch of one of the actor's conversations. `steps` are its readable messages, `running` those left out."""

    id: UUID
    title: str
    system_prompt: str
    temporary: bool
    steps: tuple[BranchStep, ...]
    running: int = 0


@dataclass(frozen=True, slots=True)
class ShareOptions:
    """What its owner chose to show. `days` is how long the link works, None for ever."""

    days: int | None = None
    name: bool = False
    reasoning: bool = False
    system_prompt: bool = False


@dataclass(frozen=True, slots=True)
class SharedPage:
    """One page of a shared conversation, as anybody with the link may read it."""

    title: str
    author_name: str
    system_prompt: str
    snapshot_at: datetime
    message_count: int
    model_names: tuple[str, ...]
    messages: tuple[ReadingMessage, ...]
    number: int
    page_count: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.page_count else None


@dataclass(frozen=True, slots=True)
class ShareItem:
    """A link as its owner sees it in lists. `state` is `active`, `revoked`, `expired` or `deleted` (its conversation is)."""

    id: UUID
    conversation_id: UUID
    title: str
    address: str
    state: str
    created_at: datetime
    snapshot_at: datetime
    expires_at: datetime | None
    message_count: int
    views: int


@dataclass(frozen=True, slots=True)
class SharePage:
    """One page of one's links, latest first. `next_before` is None at the end."""

    items: tuple[ShareItem, ...]
    next_before: UUID | None = None
