"""Values that doors and templates hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from providers.types import ModelInfo, Provider


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
    reasoning_seconds: float | None = None
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
    rating: str = ""
    unanswered: bool = False
    continues: int = 0  # letters and digits of the answer that it goes on from, which are no news
    sibling_index: int = 1
    sibling_count: int = 1
    previous_sibling: UUID | None = None
    next_sibling: UUID | None = None

    @property
    def live(self) -> bool:
        return self.status in ("queued", "running")

    @property
    def can_continue(self) -> bool:
        """Whether there is something to go on from: a text that broke off."""
        broke_off = self.status in ("stopped", "interrupted", "failed") or self.finish_reason == "length"
        return self.role == "assistant" and broke_off and bool(self.text)

    @property
    def shows(self) -> str:
        """Everything about it that may change after its end: a page whose article says the same need not replace it."""
        parts = (self.previous_sibling, f"{self.sibling_index}/{self.sibling_count}", self.next_sibling, self.rating)
        return " ".join(str(part or "-") for part in (*parts, "unanswered" if self.unanswered else ""))

    @property
    def charged(self) -> bool:
        return self.cost is not None


@dataclass(frozen=True, slots=True)
class Turn:
    """What sending made (or had made before, when `replayed`): one question and its answer to be.

    `messages` are the new messages as pages show them; empty when replayed, as they may have moved on since. `behind`: the
    page that asked for it did not show the end of the conversation; what it had not shown stays in a version of its own.
    """

    conversation_id: UUID
    user_message_id: UUID
    assistant_message_id: UUID
    generation_id: UUID
    revision: int
    new_conversation: bool = False
    replayed: bool = False
    behind: bool = False
    messages: tuple[MessageView, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model as somebody may choose it; when their plan has it not, `plans` are the names of those that have."""

    model: ModelInfo
    included: bool = True
    plans: tuple[str, ...] = ()

    @property
    def provider(self) -> Provider:
        return self.model.provider


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a conversation begins with, apart from its first message."""

    system_prompt: str = ""
    temporary: bool = False  # erased after `settings.TEMPORARY_CHAT_HOURS`


@dataclass(frozen=True, slots=True)
class ConversationItem:
    """A conversation as lists show it. `revision` tells which of two rows of one conversation is the newer one."""

    id: UUID
    title: str
    last_activity_at: datetime
    running: bool = False
    unread: bool = False
    revision: int = 1
    pinned_at: datetime | None = None
    folder_id: UUID | None = None
    archived_at: datetime | None = None
    deleted_at: datetime | None = None
    temporary: bool = False

    @property
    def key(self) -> str:
        return str(self.id)

    @property
    def listed(self) -> bool:
        """Whether the sidebar has a row for it."""
        return self.archived_at is None and self.deleted_at is None and not self.temporary

    @property
    def place(self) -> str:
        """Where in the sidebar its row stands: `pinned`, the id of its folder, or nothing for the groups by date."""
        if self.pinned_at is not None:
            return "pinned"
        return str(self.folder_id) if self.folder_id else ""

    @property
    def at(self) -> datetime:
        """What orders it in its place, latest first."""
        return self.pinned_at or self.last_activity_at


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """One page of a list, latest first. `next_cursor` is empty at the end."""

    items: tuple[ConversationItem, ...]
    next_cursor: str = ""


@dataclass(frozen=True, slots=True)
class FolderItem:
    """A folder as lists show it. `page` has its first conversations when it is open."""

    id: UUID
    name: str
    open: bool = False
    page: ConversationPage = ConversationPage(())


@dataclass(frozen=True, slots=True)
class SidebarView:
    """The whole list of the sidebar: pinned ones, folders, and the groups by date."""

    pinned: tuple[ConversationItem, ...]
    folders: tuple[FolderItem, ...]
    dated: ConversationPage


@dataclass(frozen=True, slots=True)
class Gap:
    """What a page leaves out of the shown branch: `count` messages, `first` is the first of them, between `after` and `before`."""

    after: UUID
    first: UUID
    before: UUID
    count: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Messages around a place far above the latest ones, in reading order, and what is left out between."""

    messages: tuple[MessageView, ...]
    has_older: bool
    gap: Gap


@dataclass(frozen=True, slots=True)
class ConversationView:
    """The open conversation: its latest messages in reading order, whether older ones exist, and those that were asked for."""

    id: UUID
    title: str
    model_key: str
    revision: int
    system_prompt: str = ""
    expires_at: datetime | None = None
    messages: tuple[MessageView, ...] = field(default=())
    has_older: bool = False
    unread: bool = False
    stretch: Stretch | None = None

    @property
    def temporary(self) -> bool:
        return self.expires_at is not None

    @property
    def leaf_id(self) -> UUID | None:
        return self.messages[-1].id if self.messages else None

    @property
    def live_message(self) -> MessageView | None:
        return next((message for message in reversed(self.messages) if message.live), None)


@dataclass(frozen=True, slots=True)
class ImportLeftOut:
    """One line of an import's report. `expected`: nothing went wrong."""

    words: str
    count: int
    examples: tuple[str, ...] = ()
    expected: bool = False


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as its page shows it; `position` of `total` conversations are dealt with."""

    id: UUID
    file_name: str
    size_bytes: int
    source: str
    state: str
    state_words: str
    unfinished: bool
    position: int
    total: int | None
    conversations: int
    messages: int
    skipped_count: int
    skipped: tuple[ImportLeftOut, ...]
    parts: tuple[ImportLeftOut, ...]
    error_message: str
    created_at: datetime
    finished_at: datetime | None
