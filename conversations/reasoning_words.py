"""How long a model thought, in words."""

from __future__ import annotations


def thought_for(seconds: float | None) -> str:
    """`Thought for 7 seconds`, `Thought for 2 minutes 5 seconds`; `Reasoning` where nobody measured."""
    if seconds is None:
        return "Reasoning"
    minutes, rest = divmod(round(seconds), 60)
    parts = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in ((minutes, "minute"), (rest, "second")) if count]
    return f"Thought for {' '.join(parts) or 'a moment'}"
