"""What every format is read into."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from conversations.making import Making


@dataclass(slots=True)
class ParsedMessage:
    """`parent` is the position of another message of the same list, before this one; siblings stand in their order."""

    role: str
    text: str
    created_at: datetime
    parent: int | None = None
    reasoning: str = ""
    model: str = ""
    left_at: int | None = None
    making: Making | None = None


@dataclass(slots=True)
class ParsedConversation:
    """`key` names it in its archive and is stable over exports (`chatgpt:<id>`). `shown` is the position of the shown leaf."""

    key: str
    title: str
    created_at: datetime
    last_activity_at: datetime
    messages: list[ParsedMessage]
    shown: int | None = None
    system_prompt: str = ""
    model_key: str = ""
    pinned_at: datetime | None = None
    archived_at: datetime | None = None
    folder: str = ""
    left_out: Counter[str] = field(default_factory=Counter)
