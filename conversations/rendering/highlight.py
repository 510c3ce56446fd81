"""Colours for code: Pygments' lexers, our own small set of its short class names. Pygments is loaded when first needed."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any

# Longer code stays plain: lexing costs about 1 ms per kB.
LONGEST_CODE = 30_000
# Very long lines are data, and the place where a lexer's patterns go astray.
LONGEST_LINE = 2_000

# Lexers that people ask for and whose patterns were timed with hostile input. All others are shown plain.
_LEXERS = frozenset(
    """
    bash c c++ cpp cs csharp css dart diff docker dockerfile elixir go golang graphql haskell html ini
    java javascript js json json5 jsonc jsx kotlin kt latex lua make makefile markdown md
    nginx objective-c objc patch perl php postgres powershell ps1 proto protobuf py python python3
    r rb ruby rs rust scala scss sh shell sql swift terraform hcl tex toml ts tsx typescript
    xml yaml yml zig zsh
    """.split()
)
_OTHER_NAMES = {"jsonc": "json5", "golang": "go", "shell": "bash", "sh": "bash", "zsh": "bash", "py": "python", "rs": "rust", "protobuf": "proto"}

_CLASSES = {
    "Token.Keyword": "k", "Token.Operator.Word": "k", "Token.Literal.String": "s", "Token.Literal.Number": "m", "Token.Literal.Date": "m",
    "Token.Comment": "c", "Token.Comment.Preproc": "cp", "Token.Name.Function": "nf", "Token.Name.Class": "nc", "Token.Name.Exception": "nc",
    "Token.Name.Builtin": "nb", "Token.Name.Decorator": "nd", "Token.Name.Tag": "nt", "Token.Name.Attribute": "na", "Token.Name.Variable": "nv",
    "Token.Generic.Inserted": "gi", "Token.Generic.Deleted": "gd", "Token.Generic.Heading": "gh", "Token.Generic.Subheading": "gh",
}  # fmt: skip
CLASS_NAMES = frozenset(_CLASSES.values())
_LABEL = re.compile(r"\s*\{?\.?([A-Za-z0-9][A-Za-z0-9+#_-]{0,31})")


def language_of(info: str) -> str:
    """A short, harmless name from a fence's info string (`{python}`, `python:src/app.py`, `js title=x`), or an empty string."""
    match = _LABEL.match(info)
    return match[1].lower() if match else ""


def highlight(code: str, language: str) -> str:
    """Escaped HTML of the code, coloured if the language is known and the code is not too long. The text stays the same."""
    if not code or len(code) > LONGEST_CODE or language not in _LEXERS or max(map(len, code.split("\n"))) > LONGEST_LINE:
        return html.escape(code, quote=False)
    spans: list[str] = []
    pending, pending_class, length = [], "", 0
    for kind, value in _lexer(language).get_tokens(code):
        length += len(value)
        name = _class_of(kind)
        if name != pending_class:
            _flush(spans, pending, pending_class)
            pending, pending_class = [], name
        pending.append(value)
    _flush(spans, pending, pending_class)
    return "".join(spans) if length == len(code) else html.escape(code, quote=False)


def _flush(spans: list[str], values: list[str], name: str) -> None:
    text = html.escape("".join(values), quote=False)
    spans.append(f'<span class="{name}">{text}</span>' if name and text else text)


@lru_cache(maxsize=128)
def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name

    options = {"startinline": True} if language == "php" else {}
    return get_lexer_by_name(_OTHER_NAMES.get(language, language), stripnl=False, ensurenl=False, **options)


@lru_cache(maxsize=512)
def _class_of(kind: Any) -> str:
    while kind is not None:
        name = _CLASSES.get(str(kind))
        if name is not None:
            return name
        kind = kind.parent
    return ""
