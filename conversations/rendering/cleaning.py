"""Characters that must not reach a page: controls, bidirectional overrides, lone surrogates; line ends become `\\n`."""

from __future__ import annotations

import re

# Stands for a `<` of the source while comrak looks at it, so that raw HTML never exists for the parser. A noncharacter:
# no text may carry it, and `clean` drops it from the input.
LESS_THAN = "\ufdd0"

# Controls but tab and newline, U+202A-E and U+2066-9 (can reorder the surrounding page), surrogates (not encodable).
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0]")
_SHOWN_AS_REPLACEMENT = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without unwanted characters. `\\r\\n` and `\\r` are `\\n`; null bytes and lone surrogates show as U+FFFD."""
    if _UNWANTED.search(text) is None:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", _SHOWN_AS_REPLACEMENT.sub("\ufffd", text))


class StreamCleaner:
    """`clean` for text that arrives in pieces: a `\\r\\n` cut in two is still one line end."""

    __slots__ = ("_after_cr",)

    def __init__(self) -> None:
        self._after_cr = False

    def feed(self, delta: str) -> str:
        """The clean form of the next piece."""
        if not delta:
            return ""
        joined_line_end = self._after_cr and delta[0] == "\n"
        self._after_cr = delta[-1] == "\r"
        return clean(delta[1:] if joined_line_end else delta)
