"""An answer that is still being written: each delta becomes the smallest change of the page."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.rendering.blocks import Splitter
from conversations.rendering.cleaning import StreamCleaner, clean
from conversations.rendering.elements import Surroundings
from conversations.rendering.markup import block_html, document_html

# The open block is rendered again when the text that arrived since pays for it: at every delta while it is short, then in
# proportion to its length, and ever more rarely when it is very long. Rendering an answer so stays linear in its length, both
# in time and in bytes on the wire, whatever is in it.
_WORTH_OF_A_CHARACTER = 192
_VERY_LONG = 8192
# A longer text is rendered block by block even if it has footnotes or references.
LONGEST_DOCUMENT = 131_072
_MANY_PARTS = 512


@dataclass(frozen=True, slots=True)
class Fragment:
    """A change of the page. `closed`: HTML to insert before the tail element; `tail`: the tail's new inner HTML (None: as it
    was); `append`: plain text to append to the one `code` element of the tail (only when `tail` is None)."""

    closed: str = ""
    tail: str | None = None
    append: str | None = None


_NOTHING = Fragment()


def render(text: str) -> str:
    """Safe HTML of a complete answer. Linear in its length, never raises."""
    return StreamRenderer.from_text(text).html


class StreamRenderer:
    """Renders text that arrives in pieces.

    `closed_html + tail_html` depends on the text alone, not on the pieces, and equals `render(text)` unless the text defines
    footnotes or link references (`is_document_wide`): those act on the whole text, and only `html` has them.
    The page that applied all fragments may lag a little behind `tail_html`; `finish()` brings it level.
    """

    __slots__ = (
        "_appended",
        "_appending",
        "_around",
        "_cleaner",
        "_closed",
        "_costly",
        "_length",
        "_raw",
        "_shown",
        "_splitter",
        "_tail",
        "_unseen",
    )

    def __init__(self) -> None:
        self._splitter = Splitter()
        self._cleaner = StreamCleaner()
        self._raw: list[str] = []
        self._length = 0
        self._closed: list[str] = []
        self._around = Surroundings()
        self._tail: str | None = ""  # HTML of the open block, None when it must be rendered again
        self._shown = ""  # what the page's tail element was last set to
        self._appended = False  # and text was appended to it since
        self._unseen = 0  # characters that the page's tail does not show yet
        self._appending = False  # the page's tail is the open fence in full
        self._costly = False  # a block was too much to render

    @classmethod
    def from_text(cls, text: str) -> StreamRenderer:
        """A renderer in the state after `text`, however that arrived. Its page shows `closed_html` and `tail_html`."""
        renderer = cls()
        renderer._take(text)
        renderer._show_tail()
        return renderer

    @property
    def text(self) -> str:
        """All text so far, as it was fed."""
        self._raw = ["".join(self._raw)]
        return self._raw[0]

    @property
    def length(self) -> int:
        """Characters so far."""
        return self._length

    @property
    def closed_html(self) -> str:
        """HTML of all blocks that cannot change any more."""
        self._closed = ["".join(self._closed)]
        return self._closed[0]

    @property
    def tail_html(self) -> str:
        """HTML of the open block."""
        if self._tail is None:
            around = Surroundings(self._around.outline.copy(), self._around.code)
            self._tail = block_html(self._splitter.open_block, around, finished=False)
        return self._tail

    @property
    def is_document_wide(self) -> bool:
        """The text has footnotes or link references, so `html` differs from `closed_html + tail_html`."""
        affordable = self._length <= LONGEST_DOCUMENT and not self._costly
        return self._splitter.may_define and affordable and not self._splitter.open_block.as_source

    @property
    def html(self) -> str:
        """What `render(text)` gives, without rendering again what is closed."""
        return document_html(clean(self.text)) if self.is_document_wide else self.closed_html + self.tail_html

    @property
    def lags(self) -> bool:
        """The page that applied all fragments does not show the last characters yet; `finish()` may have them."""
        return self._unseen > 0 and not self._appending

    def feed(self, delta: str) -> Fragment:
        """Take the next piece of text; return what to change on the page."""
        text, closed = self._take(delta)
        if not closed:
            if not text:
                return _NOTHING
            if self._appending:
                return self._append(text)
            self._unseen += len(text)
            if self._splitter.line_is_undecided or not self._is_due():
                return _NOTHING
            return self._level()
        return Fragment("".join(closed), self._show_tail())

    def finish(self) -> Fragment:
        """The fragment that shows what the page may lack, when the text pauses or ends. More may follow."""
        return _NOTHING if self._appending else self._level()

    def _is_due(self) -> bool:
        weight = self._splitter.open_length + len(self._shown)
        return self._unseen * _WORTH_OF_A_CHARACTER * _VERY_LONG >= weight * max(weight, _VERY_LONG)

    def _take(self, delta: str) -> tuple[str, list[str]]:
        """The cleaned delta and the HTML of the blocks it closed."""
        self._length += len(delta)
        self._raw.append(delta)
        if len(self._raw) > _MANY_PARTS:
            self._raw = ["".join(self._raw)]
        text = self._cleaner.feed(delta)
        blocks = self._splitter.push(text) if text else []
        closed = []
        for block in blocks:
            closed.append(block_html(block, self._around, finished=True))
            self._costly = self._costly or block.as_source
        if blocks:
            self._around.code.clear()
            self._closed += closed
            self._appending = False
        if text:
            self._tail = None
        return text, closed

    def _append(self, text: str) -> Fragment:
        if self._splitter.may_close_fence:
            self._appending = False
            self._unseen = len(text)
            return _NOTHING
        self._appended = True
        return Fragment(append=text)

    def _level(self) -> Fragment:
        holds = None if self._appended else self._shown
        tail = self._show_tail()
        return _NOTHING if tail == holds else Fragment(tail=tail)

    def _show_tail(self) -> str:
        fence = self._splitter.fence
        self._appending = fence is not None and fence.indent == 0 and not self._splitter.may_close_fence
        self._shown, self._unseen, self._appended = self.tail_html, 0, False
        return self._shown
