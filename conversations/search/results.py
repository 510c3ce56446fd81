"""What is asked of search, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """`role`: user, assistant or empty. `where`: pinned, archived, all; empty is everything that is not archived."""

    role: str = ""
    model_key: str = ""
    since: datetime | None = None
    until: datetime | None = None
    where: str = ""
    conversation_id: UUID | None = None

    @property
    def of_messages(self) -> bool:
        """Whether something is asked that a title alone cannot have."""
        return bool(self.role or self.model_key or self.conversation_id)


@dataclass(frozen=True, slots=True)
class TitleHit:
    conversation_id: UUID
    title: SafeString
    last_activity_at: datetime
    pinned: bool
    archived: bool


@dataclass(frozen=True, slots=True)
class MessageHit:
    """`more_here`: further hits in the same conversation that are not in this list."""

    message_id: UUID
    conversation_id: UUID
    title: str
    role: str
    model_name: str
    said_at: datetime
    archived: bool
    snippet: SafeString
    more_here: int = 0


@dataclass(frozen=True, slots=True)
class SearchResults:
    """`total` messages match; when not `complete`, at least so many: the newest were looked through.

    `corrected` is the word that was looked for instead, when nothing has what was typed.
    """

    titles: tuple[TitleHit, ...] = ()
    messages: tuple[MessageHit, ...] = ()
    total: int = 0
    complete: bool = True
    has_next: bool = False
    corrected: str = ""

    @property
    def empty(self) -> bool:
        return not self.titles and not self.messages
