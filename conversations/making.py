"""How an answer came about that no generation of this place wrote: an imported one, or a copy of what somebody shared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from conversations.states import LIVE, GenerationState

_LONGEST_SECONDS = 7 * 24 * 3600
_WORD_CHARS = 40
_MESSAGE_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Making:
    """What is known of it, in the words of the export (`docs/export-format.md`)."""

    status: str = GenerationState.COMPLETED.value
    finish_reason: str = ""
    error_code: str = ""
    error_message: str = ""
    reasoning_seconds: float | None = None

    def stored(self) -> dict[str, Any] | None:
        """As it stands in `Message.making`, and in an export: only what is not as usual; None when nothing is."""
        values: dict[str, Any] = {}
        if self.status != GenerationState.COMPLETED:
            values["status"] = self.status
        if self.finish_reason:
            values["finish_reason"] = self.finish_reason
        if self.error_code:
            values["error"] = {"code": self.error_code, "message": self.error_message}
        if self.reasoning_seconds is not None:
            values["reasoning_seconds"] = self.reasoning_seconds
        return values or None


def read_making(values: dict[str, Any] | None) -> Making:
    """From what is stored or from an export, which anybody may have written: what makes no sense is as if it were not there.

    An answer that was still being written when it was exported was interrupted: nobody writes it any more.
    """
    values = values or {}
    status = _word(values.get("status"))
    if status in LIVE:
        status = GenerationState.INTERRUPTED.value
    elif status not in GenerationState.values:
        status = GenerationState.COMPLETED.value
    found = values.get("error")
    error = found if isinstance(found, dict) else {}
    code = _word(error.get("code"))
    return Making(
        status=status,
        finish_reason=_word(values.get("finish_reason"))[:20],
        error_code=code,
        error_message=_text(error.get("message"), _MESSAGE_CHARS) if code else "",
        reasoning_seconds=_seconds(values.get("reasoning_seconds")),
    )


def _word(value: Any) -> str:
    word = _text(value, _WORD_CHARS)
    return word if word.isidentifier() else ""


def _text(value: Any, length: int) -> str:
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()[:length]


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value) if 0 <= value <= _LONGEST_SECONDS else None
