"""The words before a conversation: what its owner wants of every answer, and of the answers here."""

from __future__ import annotations

from conversations.exceptions import SystemPromptTooLong

MAX_CHARACTERS = 20_000


def clean_system_prompt(text: str) -> str:
    """The prompt as it is stored. Raises `SystemPromptTooLong`."""
    cleaned = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(cleaned) > MAX_CHARACTERS:
        raise SystemPromptTooLong(MAX_CHARACTERS)
    return cleaned


def joined(instructions: str, prompt: str) -> str:
    """What a provider gets: the owner's custom instructions first, then the conversation's own prompt, which may overrule them."""
    return "\n\n".join(part for part in (instructions, prompt) if part)
