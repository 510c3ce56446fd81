"""Values that doors and templates hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as `templates/conversations/_message.html` shows it; the same for every viewer.

    While `live`, `closed` and `tail` are the rendered blocks so far and `offset` the characters they stand for;
    otherwise `html` is the whole body (assistant) or `text` is (user).
    """

    id: UUID
    conversation_id: UUID
    parent_id: UUID | None
    role: str
    status: str
    text: str
    html: str = ""
    closed: str = ""
    tail: str = ""
    offset: int = 0
    reasoning: str = ""
    created_at: datetime | None = None
    model_key: str = ""
    model_name: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: Decimal | None = None
    estimated: bool = False
    seconds_to_first_token: float | None = None
    seconds_total: float | None = None
    finish_reason: str = ""
    error_code: str = ""
    error_message: str = ""
    dropped_turns: int = 0
    sibling_index: int = 1
    sibling_count: int = 1
    previous_sibling: UUID | None = None
    next_sibling: UUID | None = None

    @property
    def live(self) -> bool:
        return self.status in ("queued", "running")

    @property
    def charged(self) -> bool:
        return self.cost is not None


@dataclass(frozen=True, slots=True)
class Turn:
    """What sending made (or had made before, when `replayed`): one question and its answer to be.

    `messages` are the new messages as pages show them; empty when replayed, as they may have moved on since.
    """

    conversation_id: UUID
    user_message_id: UUID
    assistant_message_id: UUID
    generation_id: UUID
    revision: int
    new_conversation: bool = False
    replayed: bool = False
    messages: tuple[MessageView, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationItem:
    """A row of the sidebar."""

    id: UUID
    title: str
    last_activity_at: datetime
    running: bool = False


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """One page of the sidebar, latest first. `next_cursor` is empty at the end."""

    items: tuple[ConversationItem, ...]
    next_cursor: str = ""


@dataclass(frozen=True, slots=True)
class ConversationView:
    """The open conversation: its latest messages in reading order, and whether older ones exist."""

    id: UUID
    title: str
    model_key: str
    revision: int
    messages: tuple[MessageView, ...] = field(default=())
    has_older: bool = False

    @property
    def leaf_id(self) -> UUID | None:
        return self.messages[-1].id if self.messages else None

    @property
    def live_message(self) -> MessageView | None:
        return next((message for message in reversed(self.messages) if message.live), None)
