"""Articles of the log as exact source: what `innerHTML` of their parts was made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
LIVE = ("queued", "running")


@dataclass
class Article:
    """One message as the page shows it. `parts`: inner HTML by `data-part` (body, closed, tail, reasoning)."""

    id: str
    attributes: dict[str, str]
    parts: dict[str, str] = field(default_factory=dict)
    source: str = ""

    @property
    def status(self) -> str:
        return self.attributes["data-status"]

    @property
    def role(self) -> str:
        return self.attributes["data-role"]

    @property
    def offset(self) -> int:
        return int(self.attributes["data-offset"])

    @property
    def thought(self) -> int:
        """Characters of reasoning."""
        return int(self.attributes.get("data-thought", 0))

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def body(self) -> str:
        """The message body's inner HTML, while it is written as the two parts it is written in."""
        if not self.is_live or self.role == "user":
            return self.parts["body"]
        return f'<div data-part="closed">{self.parts["closed"]}</div><div data-part="tail">{self.parts["tail"]}</div>'

    def knows_more_than(self, shown: Article) -> bool:
        """Whether this one, freshly come, replaces the one that is shown."""
        if self.is_live and shown.is_live:
            return (self.offset, self.thought) > (shown.offset, shown.thought)
        if self.is_live:
            return False
        return (shown.status, shown.attributes.get("data-shows")) != (self.status, self.attributes.get("data-shows"))

    def grow(self, event: dict[str, Any]) -> bool:
        """Apply a delta. False when it does not join what is shown."""
        if not self.is_live or event["to"] < self.offset or (event["to"] == self.offset and event["from"] < self.offset):
            return True
        closed, tail = self.parts["closed"], self.parts["tail"]
        more, thought = event.get("reasoning", ""), event.get("thought", 0)
        if event["from"] != self.offset or ("append" in event and "</code>" not in tail) or thought - len(more) > self.thought:
            return False
        closed += event.get("closed", "")
        tail = event.get("tail", tail)
        if "append" in event:
            before, end, after = tail.rpartition("</code>")
            tail = before + _as_text(event["append"]) + end + after
        new = more[self.thought - thought :] if thought > self.thought else ""
        self.parts |= {"closed": closed, "tail": tail, "reasoning": self.parts.get("reasoning", "") + _as_text(new)}
        self.attributes |= {"data-offset": str(event["to"]), "data-thought": str(max(thought, self.thought)), "data-status": "running"}
        return True


def _as_text(text: str) -> str:
    """As a browser writes a text node."""
    return text.replace("&", "&amp;").replace("\xa0", "&nbsp;").replace("<", "&lt;").replace(">", "&gt;")


def read_articles(html: str) -> list[Article]:
    """The articles of a page or fragment, in order."""
    reader = _Reader(html)
    reader.feed(html)
    reader.close()
    return reader.articles


class _Reader(HTMLParser):
    """Cuts the source at the tags of articles and of elements with `data-part`."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.articles: list[Article] = []
        self._html = html
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._open: list[tuple[str, str, int]] = []  # tag, data-part, where its content begins

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "article":
            self.articles.append(Article(given["data-message"], given))
        if tag not in _VOID:
            self._open.append((tag, given.get("data-part", ""), self._here() + len(self.get_starttag_text() or "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<use/>` and the like hold nothing."""

    def handle_endtag(self, tag: str) -> None:
        opened, part, start = self._open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}> at {self.getpos()}"
        content = self._html[start : self._here()]
        if part and self.articles:
            self.articles[-1].parts[part] = content
        if tag == "article":
            self.articles[-1].source = content
