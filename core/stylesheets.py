"""Style sheets that always come together, sent as one file: a request for each would weigh as much as what is in it.

They stay one component a file for those who write them; with `DEBUG` a page links each by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# On every page.
SITE = ("reset", "tokens", "base", "layout", "buttons", "forms", "notices", "menus", "data", "states")
# The conversation, and what stands over and beside it.
CHAT = (
    "prose", "maths", "diagrams", "conversation", "composer", "models", "beginning", "shortcuts", "sidebar", "search", "options", "sharing",
    "many", "print",
)  # fmt: skip
TOGETHER = {"site": SITE, "chat": CHAT}
ON_PAPER = "print"  # the one that holds for printing alone

_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_STARTS = re.compile(r"\n\s*")


def address(name: str) -> str:
    """The static file's own address."""
    return f"css/{name}.css"


def joined(names: tuple[str, ...], read: Callable[[str], str]) -> str:
    """The sheets one behind the other, without comments and indentation. `read` gives the text of an address."""
    return "".join(_LINE_STARTS.sub("\n", _COMMENTS.sub("", _text(name, read))) for name in names)


def _text(name: str, read: Callable[[str], str]) -> str:
    text = read(address(name))
    return f"@media print {{\n{text}\n}}\n" if name == ON_PAPER else text
