"""Colours for code: Pygments' lexers, our own small set of its short class names. Pygments is loaded when first needed."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any

# Longer code stays plain: the process that writes all answers waits while one is lexed (about 1 ms per kB, 10 for hostile input).
# A limit by length, not by time, gives the same colours live and after a reload, on every machine.
LONGEST_CODE = 20_000
# The same for lexers that need up to 20 ms per kB.
LONGEST_SLOW_CODE = 8_000
# Very long lines, gaps and columns of short lines are not written by people; some lexers go through them again from every place.
LONGEST_LINE = 500
MOST_LINES = 1_500
_LONG_GAP = re.compile(r"\s{100}")

# Lexers that need quadratic time for some input read the code in pieces of this length, cut at a blank line if there is one.
_SLOW_LEXERS = frozenset({"csharp", "html", "java", "make", "terraform", "xml"})
_PIECE = 1_200

# What people ask for, timed with hostile input: Pygments' name first, then other names. All else is shown plain.
_LEXER_NAMES = (
    "bash sh shell zsh", "c", "cpp c++", "csharp cs", "css", "dart", "diff patch", "docker dockerfile", "elixir", "go golang",
    "graphql", "haskell hs", "html", "ini", "java", "javascript js jsx", "json", "json5 jsonc", "kotlin kt", "latex tex", "lua",
    "make makefile", "markdown md", "nginx", "objective-c objc", "perl", "php", "postgres postgresql", "powershell ps1",
    "proto protobuf", "python py python3", "r", "ruby rb", "rust rs", "scala", "scss", "sql", "swift", "terraform hcl", "toml",
    "typescript ts tsx", "xml", "yaml yml", "zig",
)  # fmt: skip
_LEXERS = {name: names.split()[0] for names in _LEXER_NAMES for name in names.split()}

_CLASSES = {
    "Token.Keyword": "k",
    "Token.Operator.Word": "k",
    "Token.Literal.String": "s",
    "Token.Literal.Number": "m",
    "Token.Literal.Date": "m",
    "Token.Comment": "c",
    "Token.Comment.Preproc": "cp",
    "Token.Name.Function": "nf",
    "Token.Name.Class": "nc",
    "Token.Name.Exception": "nc",
    "Token.Name.Builtin": "nb",
    "Token.Name.Decorator": "nd",
    "Token.Name.Tag": "nt",
    "Token.Name.Attribute": "na",
    "Token.Name.Variable": "nv",
    "Token.Generic.Inserted": "gi",
    "Token.Generic.Deleted": "gd",
    "Token.Generic.Heading": "gh",
    "Token.Generic.Subheading": "gh",
}
CLASS_NAMES = frozenset(_CLASSES.values())
_LABEL = re.compile(r"\s*\{?\.?([A-Za-z0-9][A-Za-z0-9+#_-]{0,31})")


def language_of(info: str) -> str:
    """A short, harmless name from a fence's info string (`{python}`, `python:src/app.py`, `js title=x`), or an empty string."""
    match = _LABEL.match(info)
    return match[1].lower() if match else ""


def highlight(code: str, language: str) -> str:
    """Escaped HTML of the code, coloured if the language is known and the code is not too long. The text stays the same."""
    name = _LEXERS.get(language)
    if name is None or len(code) > longest_code(name) or not _is_reasonable(code):
        return html.escape(code, quote=False)
    spans: list[str] = []
    values: list[str] = []
    current, length = "", 0
    for piece in _pieces(code) if name in _SLOW_LEXERS else [code]:
        for kind, value in _lexer(name).get_tokens(piece):
            length += len(value)
            wanted = _class_of(kind)
            if wanted != current:
                _flush(spans, values, current)
                values, current = [], wanted
            values.append(value)
    _flush(spans, values, current)
    return "".join(spans) if length == len(code) else html.escape(code, quote=False)


def longest_code(name: str) -> int:
    """How many characters of code in this language (Pygments' name) are coloured."""
    return LONGEST_SLOW_CODE if name in _SLOW_LEXERS else LONGEST_CODE


def _is_reasonable(code: str) -> bool:
    if not code or _LONG_GAP.search(code) is not None:
        return False
    lines = code.split("\n")
    return len(lines) <= MOST_LINES and max(map(len, lines)) <= LONGEST_LINE


def _pieces(code: str) -> list[str]:
    pieces = [""]
    for line in code.split("\n"):
        if len(pieces[-1]) + len(line) > (_PIECE if line else _PIECE // 2) and pieces[-1]:
            pieces.append("")
        pieces[-1] += line + "\n"
    pieces[-1] = pieces[-1][:-1]
    return pieces


def _flush(spans: list[str], values: list[str], name: str) -> None:
    text = html.escape("".join(values), quote=False)
    spans.append(f'<span class="{name}">{text}</span>' if name and text else text)


@lru_cache(maxsize=len(_LEXERS))
def _lexer(name: str) -> Any:
    from pygments.lexers import get_lexer_by_name

    options = {"startinline": True} if name == "php" else {}
    return get_lexer_by_name(name, stripnl=False, ensurenl=False, **options)


@lru_cache(maxsize=512)
def _class_of(kind: Any) -> str:
    while kind is not None:
        name = _CLASSES.get(str(kind))
        if name is not None:
            return name
        kind = kind.parent
    return ""
