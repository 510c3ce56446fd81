"""Whatever a model writes is text: it never runs, never reorders the page, never takes long, never raises."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from time import process_time

import pytest
from hypothesis import given, settings

from conversations.rendering import StreamRenderer, markup, render
from conversations.rendering.elements import Surroundings
from conversations.rendering.pieces import Block
from conversations.rendering.tests.answers import cut, cuts, texts

ATTACKS = [
    "<script>alert(1)</script>",
    "a <img src=x onerror=alert(1)> b",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\tjava\nscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](https://a.example)',
    '[x](https://a.example "t\\" onclick=alert(1) ")',
    "<https://a.example/\"onmouseover='alert(1)'>",
    "<javascript:alert(1)>",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    '- ```" onclick=alert(1)\n  <script>\n',
    "$<script>alert(1)</script>$",
    "|<script>|\n|---|\n|<b onclick=x>|\n",
    "<!-- \n\n<script>alert(1)</script> -->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<style>*{display:none}</style><iframe src=//evil.example></iframe><form action=//evil.example><input name=x>",
    "[x]: javascript:alert(1)\n\n[x]",
    "[^x]: <script>alert(1)</script>\n\na[^x]",
    '<div id="composer" style="position:fixed" class="notice">',
    "\ufdd0script>alert(1)\ufdd0/script>",
    "&#xfdd0;script>alert(1)&#xfdd0;/script>",
    "[a](https://\ufdd0b)",
    "</code></pre></figure></div></article><h1>outside</h1>",
    "$\\text{<script>alert(1)</script>}$",
    "\\(\\href{javascript:alert(1)}{x}\\)",
    "$$\n<img src=x onerror=alert(1)>\n</math>\n$$",
    "$\\text{</annotation></semantics></math><script>alert(1)</script>}$",
    "\\[\\color{red;background:url(//evil.example)}{x}\\]",
    "$\\class{x}{y}\\style{position:fixed}{z}\\cssId{composer}{w}\\unicode{60}$",
    "x[^1]\n\n[^1]: <a href='javascript:alert(1)' id='fn-1'>",
    'x[^"onclick=alert(1)]\n\n[^"onclick=alert(1)]: note',
    '<sup class="footnote-ref" data-note="1-1"></sup> <li data-note="1">',
]
TAGS = {
    "a", "blockquote", "br", "button", "code", "del", "div", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "input",
    "li", "ol", "p", "pre", "section", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
} | {
    "annotation", "math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "mspace", "msqrt", "msub",
    "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "semantics",
}  # fmt: skip
MATHS = {
    "accent", "accentunder", "display", "displaystyle", "encoding", "form", "height", "depth", "linethickness", "lspace", "mathvariant",
    "maxsize", "minsize", "notation", "rspace", "scriptlevel", "stretchy", "symmetric", "width", "voffset", "class", "movablelimits",
}  # fmt: skip
ATTRIBUTES = {
    "href", "target", "rel", "title", "class", "data-lang", "type", "data-copy-code", "aria-label", "tabindex", "role", "align", "disabled",
    "checked", "start", "dir",
}  # fmt: skip
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0\ud800-\udfff]")


class Checker(HTMLParser):
    """Fails at anything that does not belong on the page; gathers the text."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        assert tag in TAGS
        if tag[0] == "m" or tag in ("annotation", "semantics"):
            assert attributes.keys() <= MATHS
            return
        if re.match(r"(?:fn|fnref)-[0-9a-f]{10}-\d", attributes.pop("id", "")):
            assert tag in ("a", "li")
        assert attributes.keys() <= ATTRIBUTES
        if tag == "a" and re.fullmatch(r"#(?:fn|fnref)-[0-9a-f]{10}-[\d-]+", attributes.get("href", "")):
            assert attributes.keys() <= {"href", "class", "aria-label"}
        elif tag == "a":  # without an address it is a word
            assert re.match(r"(?i)(https?://|mailto:)", attributes.get("href", "https://"))
            assert attributes["rel"] == "noopener noreferrer nofollow ugc"
            assert attributes["target"] == "_blank"
        if tag == "input":
            assert attributes["disabled"] == ""
            assert attributes["type"] == "checkbox"

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def check(html: str) -> str:
    """The text of the markup, which must be harmless."""
    assert FORBIDDEN.search(html) is None
    checker = Checker()
    checker.feed(html)
    checker.close()
    return "".join(checker.words)


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_is_text_whole_and_cut_anywhere(text: str) -> None:
    check(render(text))
    for place in range(1, len(text)):
        renderer = StreamRenderer()
        for piece in (text[:place], text[place:]):
            fragment = renderer.feed(piece)
            for html in (fragment.closed, fragment.tail, renderer.tail_html):
                check(html or "")
        assert renderer.html == render(text)


def test_raw_html_is_shown_as_it_was_written() -> None:
    text = '<b onclick="x">bold</b> and <script>alert(1)</script>'
    assert check(render(text)).strip() == text
    assert check(render(f"`{text}`")).strip() == text
    assert text in check(render(f"```\n{text}\n```"))


@settings(max_examples=300, deadline=None)
@given(texts, cuts)
def test_any_text_gives_only_allowed_markup(text: str, places: list[int]) -> None:
    check(render(text))
    renderer = StreamRenderer()
    for piece in cut(text, places):
        fragment = renderer.feed(piece)
        check(fragment.closed + (fragment.tail or ""))


@pytest.mark.parametrize(
    "text", ["a\u202eb\u2066c", "a&#x202e;b&#8294;c", "```\na\u202eb\u2066c\n```", "[a](https://b.example '\u202e')", "# \u202ea\n"]
)
def test_overrides_of_direction_are_dropped(text: str) -> None:
    assert FORBIDDEN.search(render(text)) is None


def test_null_bytes_and_broken_surrogates_become_visible() -> None:
    assert render("a\x00b\ud800c") == '<p dir="auto">a\ufffdb\ufffdc</p>\n'


def test_what_the_parser_refuses_is_shown_as_its_source() -> None:
    assert "a <i>\ufffd" in check(markup.block_html(Block("a <i>\ud800"), Surroundings(), finished=True))


def many(piece: str, size: int = 1_000_000) -> str:
    return (piece * (size // len(piece) + 1))[:size]


HUGE = {
    "unbroken": "x" * 1_000_000,
    "one line of words": many("word "),
    "lines": many("a line of text\n"),
    "quotes in quotes": many(">"),
    "lists in lists": many("- "),
    "brackets": many("["),
    "links that never end": many("[a]("),
    "stars": many("*a **b "),
    "backticks": many("`` ` "),
    "latex brackets": many("\\("),
    "tags": many("<a "),
    "comments": many("<!--"),
    "entities": many("&#x202e;"),
    "pipes": many("a|"),
    "wide table": many("a|", 10_000) + "\n" + many("-|", 10_000) + "\n" + many("a\n", 1000),
    "many tables": many("|a|b|\n|-|-|\n|1|2|\n\n"),
    "long list": "".join(f"{number}. item **bold**\n" for number in range(40_000)),
    "deep list": "".join("  " * depth + "- a\n" for depth in range(900)),
    "open fence": "```python\n" + many("x = 'abc' + 1\n"),
    "fence that nearly ends": "```\n" + many("```x\n"),
    "references": "[a]: /" + "u" * 8000 + "\n\n" + many("[a] ", 200_000),
    "footnotes": "".join(f"[^{number}]: note\n\n" for number in range(5000)) + "".join(f"[^{number}]" for number in range(5000)),
    "a definition and brackets": "[a]: /x\n\n" + many("[", 120_000),
    "a definition and latex": "[a]: /x\n\n" + many("\\(", 120_000),
    "a definition and a wide table": "[a]: /x\n\n" + many("a|", 10_000) + "\n" + many("-|", 10_000) + "\n" + many("a\n", 1000),
    "a definition and stars": "[a]: /x\n\n" + many("*a **b ", 120_000),
    "code": "```csharp\n" + many("axxxxxxxxxxxxxxxxxxx\n", 8_000) + "```\n",
    "code of blanks": "```c\n" + many("\n", 20_000) + "```\n",
}


@pytest.fixture(scope="module")
def pace() -> float:
    """CPU seconds that this machine takes for a megabyte of ordinary short paragraphs: what bounds of time are told in."""
    text = many("A short one with **words** in it.\n\n")
    start = process_time()
    render(text)
    return process_time() - start


@pytest.mark.parametrize("name", HUGE)
def test_huge_hostile_text_is_rendered_in_bounded_time(name: str, pace: float) -> None:
    start = process_time()
    html = render(HUGE[name])
    assert process_time() - start < 12 * pace
    assert len(html) < 16 * len(HUGE[name]) + 100_000


@pytest.mark.parametrize("name", HUGE)
def test_streaming_huge_hostile_text_takes_linear_time(name: str, pace: float) -> None:
    text = HUGE[name][:150_000]
    renderer = StreamRenderer()
    sent = 0
    start = process_time()
    for place in range(0, len(text), 8):
        fragment = renderer.feed(text[place : place + 8])
        sent += len(fragment.closed) + len(fragment.tail or "") + len(fragment.append or "")
    assert process_time() - start < 12 * pace
    assert sent < 400 * len(text)
    assert renderer.html == render(text)
