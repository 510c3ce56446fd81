"""Markdown without its marks, for titles and snippets."""

from __future__ import annotations

import re

from conversations.rendering.cleaning import clean

_FENCE_LINE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,}).*$", re.M)
_RULE_OR_UNDERLINE = re.compile(r"^[-=*_|: \t]+$", re.M)
_LINE_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?|#{1,6}[ \t]+|[-+*][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,9}[.)][ \t]+)+", re.M)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\](?:\([^()\s]{0,2000}(?:[ \t]\"[^\"\n]{0,200}\")?\)|\[[^\[\]\n]{0,100}\])")
_MARKS = re.compile(r"\\([!-/:-@\[-`{-~])|\*{1,3}|~~|`+|(?<![^\W_])_{1,3}|_{1,3}(?![^\W_])|\|")


def plain_text(text: str) -> str:
    """The words of a Markdown text on one line, cheaply (not a parser: odd input keeps an odd mark)."""
    text = _FENCE_LINE.sub("", clean(text))
    text = _RULE_OR_UNDERLINE.sub("", text)
    text = _LINE_MARKS.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _MARKS.sub(lambda mark: mark[1] or "", text)
    return " ".join(text.split())
