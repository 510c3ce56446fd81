"""What Markdown looks like on the page."""

from __future__ import annotations

import re
import subprocess
import sys
import threading

import pytest

from conversations.rendering import StreamRenderer, notes_at, render

SAFE = 'target="_blank" rel="noopener noreferrer nofollow ugc"'
FRAME_START = (
    '<figure class="code" data-lang="{0}"><figcaption><span>{1}</span><button data-copy-code="" aria-label="Copy code" type="button">'
    'Copy code</button></figcaption><pre tabindex="0" role="group" aria-label="{2} code"><code>'
)


def without_direction(html: str) -> str:
    return html.replace(' dir="auto"', "")


FRAME_END = "</code></pre></figure>\n"


def figure(code: str, language: str = "") -> str:
    return FRAME_START.format(language, language or "text", language or "plain") + code + FRAME_END


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A *b*\n", "<h2>A <em>b</em></h2>\n"),
        ("a **b** `c` ~~d~~", "<p>a <strong>b</strong> <code>c</code> <del>d</del></p>\n"),
        ("Title\n---\n", "<h2>Title</h2>\n"),
        ("3. a\n4. b\n", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("a  \nb\n\n---\n", "<p>a<br>\nb</p>\n<hr>\n"),
        ("日本語の**文章**です", "<p>日本語の<strong>文章</strong>です</p>\n"),
        ("a\r\nb\rc", "<p>a\nb\nc</p>\n"),
        ("", ""),
        (" \n\t\n", ""),
    ],
)
def test_marks(text: str, html: str) -> None:
    assert without_direction(render(text)) == html


def test_each_block_finds_its_own_direction() -> None:
    html = render("# a\n\nb\n\n- c\n\n1. d\n\n> e\n\n|f|\n|-|\n|g|\n")
    assert re.findall(r'<(\w+) dir="auto">', html) == ["h2", "p", "ul", "ol", "blockquote", "p", "table"]


def test_a_heading_without_words_is_no_heading() -> None:
    assert render("## ") == render("a\n\n#\n").replace('<p dir="auto">a</p>\n', "") == ""
    assert "<h" not in render("> ##\n")


def test_an_empty_cell_of_a_table_head_is_no_header() -> None:
    assert re.findall(r"<t[hd].*?>.*?</t[hd]>", render("| |b|\n|:-:|-|\n|1|2|\n"))[:2] == ['<td align="center"></td>', "<th>b</th>"]


def test_headings_make_an_outline_without_gaps_below_the_heading_of_the_page() -> None:
    text = "### a\n\n### b\n\n# c\n\n###### d\n\n> ####### e\n\n- ## f\n\n###### g\n"
    assert re.findall(r'<(h\d) dir="auto">(\w)', render(text)) == [
        ("h2", "a"),
        ("h2", "b"),
        ("h2", "c"),
        ("h3", "d"),
        ("h3", "f"),
        ("h4", "g"),
    ]
    definitions = "\n[x]: https://a.example\n"
    assert render(text + definitions) == render(text)


def test_tables_can_be_scrolled_by_keyboard() -> None:
    html = render("|a|b|\n|:-:|-|\n|1|2|\n")
    assert html.startswith('<div class="table" tabindex="0" role="group" aria-label="Table"><table dir="auto">')
    assert html.endswith("</table></div>\n")
    assert '<th align="center">a</th>' in html


def test_task_lists_say_what_their_boxes_mean() -> None:
    html = render("- [x] a\n- [ ] b\n")
    assert '<li class="task"><input disabled="" checked="" aria-label="Done" type="checkbox"> a</li>' in html
    assert '<li class="task"><input disabled="" aria-label="Not done" type="checkbox"> b</li>' in html


def test_alerts() -> None:
    html = '<div class="markdown-alert markdown-alert-warning">\n<p class="markdown-alert-title">Warning</p>\n<p>Hot</p>\n</div>\n'
    assert without_direction(render("> [!WARNING]\n> Hot\n")) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[a](https://b.example/c_d?e=f&g)", f'<a href="https://b.example/c_d?e=f&amp;g" {SAFE}>a</a>'),
        ('[a](http://b.example "Title")', f'<a href="http://b.example" title="Title" {SAFE}>a</a>'),
        ("<https://b.example/c>", f'<a href="https://b.example/c" {SAFE}>https://b.example/c</a>'),
        ("see https://b.example.", f'see <a href="https://b.example" {SAFE}>https://b.example</a>.'),
        ("<me@b.example>", f'<a href="mailto:me@b.example" {SAFE}>me@b.example</a>'),
        ("[a](/b)", "a"),
        ("[a](#b)", "a"),
        ("[a](http://b.example/<c)", f'<a href="http://b.example/%3Cc" {SAFE}>a</a>'),
        ("a <b ![c](http://b.example/<c)", f'a &lt;b <a class="remote-image" href="http://b.example/%3Cc" {SAFE}>Image: c</a>'),
        ("[*a*](ftp://b)", "<em>a</em>"),
    ],
)
def test_links_open_safely_or_are_words(text: str, html: str) -> None:
    assert without_direction(render(text)) == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("![a cat](https://b.example/c.png)", f'<a class="remote-image" href="https://b.example/c.png" {SAFE}>Image: a cat</a>'),
        ("![](https://b.example/c.png)", f'<a class="remote-image" href="https://b.example/c.png" {SAFE}>Image</a>'),
        ("![a](data:image/png;base64,AA)", '<span class="remote-image">Image: a</span>'),
        (
            "[![a](https://b.example/c)](https://d.example)",
            f'<a href="https://d.example" {SAFE}><span class="remote-image">Image: a</span></a>',
        ),
        ("[![a](https://b.example/c)](/d)", '<span class="remote-image">Image: a</span>'),
    ],
)
def test_images_are_never_loaded(text: str, html: str) -> None:
    assert without_direction(render(text)) == f"<p>{html}</p>\n"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("```python\nx = 'a<b'\n```", figure("x = <span class=\"s\">'a&lt;b'</span>\n", "python")),
        ("```python\nx = 'a<b'\n", figure("x = 'a&lt;b'\n", "python")),
        ("```\na\n```\n", figure("a\n")),
        ("    a\n", figure("a\n")),
        ("~~~nonsense\na\n~~~\n", figure("a\n", "nonsense")),
        ("```{js}\nlet\n```\n", figure('<span class="k">let</span>\n', "js")),
        ("``` C&#43;&#43; title\n\n```\n", figure("\n", "c++")),
        ('```"><script>\na\n```\n', figure("a\n")),
        ("````\n```\na\n```\n````\n", figure("```\na\n```\n")),
    ],
)
def test_code_blocks(text: str, html: str) -> None:
    assert render(text) == html


@pytest.mark.parametrize(
    ("text", "coloured"),
    [
        ("- a\n\n  ```python\n  1\n  ```", True),
        ("- a\n\n  ```python\n  1\n  ```\n\n  b", True),
        ("- a\n\n  ```python\n  1\n", False),
        ("- a\n\n  ````python\n  1\n  ```", False),
        ("> ```python\n> 1\n> ```", True),
        ("> ```python\n> 1", False),
        ("> ```python\n> 1\n\nb", True),
    ],
)
def test_code_inside_other_blocks_is_coloured_when_it_is_complete(text: str, coloured: bool) -> None:
    html = render(text)
    assert ('<span class="m">1</span>' in html) is coloured
    assert 'data-lang="python"' in html


def test_footnotes_and_references_act_on_the_whole_answer() -> None:
    text = "See [the manual] and a note[^1].\n\nMore.\n\n[the manual]: https://a.example\n[^1]: The note.\n"
    html = render(text)
    assert f'<a href="https://a.example" {SAFE}>the manual</a>' in html
    assert "note<sup" in html
    assert '<section class="footnotes">' in html
    renderer = StreamRenderer.from_text(text)
    assert renderer.is_document_wide
    assert renderer.html == html


def test_footnotes_and_their_references_lead_to_each_other_within_the_answer() -> None:
    text = 'a[^x] b[^y">] c[^x]\n\n[^x]: X\n[^y">]: Y [^x]\n'
    html = render(text)
    ids = re.findall(r' id="([^"]+)"', html)
    links = re.findall(r'<a (?:class="footnote-back" )?(?:id="[^"]*" )?href="#([^"]+)" aria-label="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 6
    assert {address for address, _ in links} <= set(ids)
    assert [name for _, name in links if name.startswith("Footnote")] == ["Footnote 1", "Footnote 2", "Footnote 1", "Footnote 1"]
    assert "Back to reference 2" in dict(links).values()
    assert not set(ids) & set(re.findall(r' id="([^"]+)"', render(text + "More.\n")))
    assert "_blank" not in html


def test_the_same_text_twice_on_a_page_has_footnotes_of_its_own() -> None:
    html = render('a[^x] `<li id="fn-0123456789-1">`\n\n[^x]: X, **again** [^x]\n')
    one, other = notes_at(html, "1"), notes_at(html, "2")
    for made in (one, other):
        ids = re.findall(r'<\w+ id="([^"]+)"', made)
        assert len(ids) == len(set(ids)) == 3
        assert set(re.findall(r'href="#([^"]+)"', made)) == set(ids)
        assert '&lt;li id="fn-0123456789-1"&gt;' in made
    assert not set(re.findall(r'<\w+ id="([^"]+)"', one)) & set(re.findall(r'<\w+ id="([^"]+)"', other))
    assert notes_at(render("no notes"), "1") == render("no notes")


def test_a_definition_inside_code_is_code() -> None:
    assert not StreamRenderer.from_text("```\n[a]: b\n```\n").is_document_wide


def test_every_process_gives_the_same_bytes() -> None:
    text = "- [x] a [b](https://c.example)\n\n![d](https://e.example)\n\n|a|b|\n|:-|-|\n\n```python\nx = 1\n```\n"
    program = f"from conversations.rendering import render; import sys; sys.stdout.write(render({text!r}))"
    results = {subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout for _ in range(5)}
    assert results == {render(text)}


def test_one_renderer_per_thread_is_enough() -> None:
    text = "# a\n\n- b\n\n```python\nx = 1\n```\n" * 20
    expected, results = render(text), []
    threads = [threading.Thread(target=lambda: results.append(render(text))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8
