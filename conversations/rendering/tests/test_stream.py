"""A streamed answer is the same bytes as a rendered one, however it was cut."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversations.rendering import Fragment, StreamRenderer, render
from conversations.rendering.tests.answers import cut, cuts, texts

many = settings(max_examples=300, deadline=None)


class Page:
    """What a browser does with fragments, on strings."""

    def __init__(self, renderer: StreamRenderer) -> None:
        self.closed, self.tail = renderer.closed_html, renderer.tail_html

    def apply(self, fragment: Fragment) -> None:
        assert fragment.append is None or fragment.tail is None
        self.closed += fragment.closed
        if fragment.tail is not None:
            self.tail = fragment.tail
        if fragment.append is not None:
            assert self.tail.count("</code></pre>") == 1
            escaped = fragment.append.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")
            self.tail = self.tail.replace("</code></pre>", escaped + "</code></pre>")

    @property
    def html(self) -> str:
        return self.closed + self.tail


@many
@given(texts, cuts)
def test_any_cut_gives_the_same_bytes_as_the_whole(text: str, places: list[int]) -> None:
    renderer = StreamRenderer()
    for piece in cut(text, places):
        renderer.feed(piece)
    whole = StreamRenderer.from_text(text)
    assert (renderer.closed_html, renderer.tail_html) == (whole.closed_html, whole.tail_html)
    assert (renderer.text, renderer.length) == (text, len(text))
    assert renderer.html == render(text)
    if not renderer.is_document_wide:
        assert renderer.closed_html + renderer.tail_html == render(text)


@many
@given(texts, cuts)
def test_a_page_that_applied_all_fragments_equals_a_reloaded_one(text: str, places: list[int]) -> None:
    renderer = StreamRenderer()
    page = Page(renderer)
    for piece in cut(text, places):
        page.apply(renderer.feed(piece))
        assert page.closed == renderer.closed_html
    page.apply(renderer.finish())
    assert page.html == renderer.closed_html + renderer.tail_html


@many
@given(texts, cuts, st.integers(min_value=0, max_value=4000))
def test_a_page_loaded_in_mid_stream_ends_like_one_that_saw_all(text: str, places: list[int], reload: int) -> None:
    reload %= len(text) + 1
    renderer = StreamRenderer.from_text(text[:reload])
    page = Page(renderer)
    for piece in cut(text[reload:], places):
        page.apply(renderer.feed(piece))
    page.apply(renderer.finish())
    whole = StreamRenderer.from_text(text)
    assert (page.closed, page.tail) == (whole.closed_html, whole.tail_html)


@many
@example("```\n```0", [1, 2, 58, 1096, 3767], {4})
@given(texts, cuts, st.sets(st.integers(min_value=0, max_value=40)))
def test_a_page_shows_everything_whenever_the_text_pauses(text: str, places: list[int], pauses: set[int]) -> None:
    renderer = StreamRenderer()
    page = Page(renderer)
    for index, piece in enumerate(cut(text, places)):
        page.apply(renderer.feed(piece))
        if index in pauses:
            page.apply(renderer.finish())
            assert page.html == renderer.closed_html + renderer.tail_html


@many
@given(texts)
def test_every_character_alone(text: str) -> None:
    renderer = StreamRenderer()
    page = Page(renderer)
    for index, character in enumerate(text):
        page.apply(renderer.feed(character))
        assert renderer.length == index + 1
    page.apply(renderer.finish())
    whole = StreamRenderer.from_text(text)
    assert (page.closed, page.tail) == (whole.closed_html, whole.tail_html)
