"""How much of an archive is looked at. Beyond it lies an attack, or a mistake."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes. The largest real exports that people tell of have some hundred megabytes and some ten thousand conversations."""

    text: int = 1536 * MIB  # all conversations of an archive, unpacked
    members: int = 50_000  # files in a ZIP; an export with its pictures has thousands
    directory: int = 8 * MIB  # a ZIP's table of contents, which is read whole
    ratio: int = 100  # unpacked to packed; JSON of real exports has 5 to 15
    ratio_counts_from: int = 64 * MIB
    conversations: int = 200_000
    conversation: int = 48 * MIB  # one conversation, as JSON
    values: int = 2_000_000  # numbers, texts, lists in one conversation: each costs far more memory than its text
    depth: int = 200
    messages: int = 50_000  # in one conversation
    message_chars: int = 1_000_000  # as for a message that is typed


LIMITS = Limits()
