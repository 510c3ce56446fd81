"""From comrak's elements to ours: an outline, safe links, figures, formulas, footnotes. Works on comrak's own markup alone, in which
whatever a model wrote is text; so a tag that is found here is one that comrak made."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from hashlib import blake2s

from conversations.rendering.figures import code_figure
from conversations.rendering.lines import PUNCTUATION
from conversations.rendering.maths import formula_html, source_html
from conversations.rendering.pieces import OPEN


@dataclass(slots=True)
class Surroundings:
    """What a block takes over from those before it."""

    # Levels of the headings that are open: the page needs an outline without gaps below its own heading, whatever the model wrote.
    outline: list[int] = field(default_factory=list)
    # Finished code of the open block by (info, escaped code): a list with code in it is not lexed again with every delta.
    code: dict[tuple[str, str], str] = field(default_factory=dict)


_PRE = re.compile(r'<pre><code(?: class="language-([^"]*)")?(?: data-math-style="display")?>(.*?)</code></pre>\n?', re.S)
_LINK_OR_IMAGE = re.compile(r'<a href="([^"]*)"[^>]*>|</a>|<img src="([^"]*)" alt="([^"]*)"[^>]*/>')
_SAFE_ADDRESS = re.compile(r"(?i)https?://[^\s]|mailto:[^\s]")
_TABLE_FRAME = '<div class="table" tabindex="0" role="group" aria-label="Table">'
_EMPTY_HEADER_CELL = re.compile(r"<th(| align=\"\w+\")>\s*</th>")
_HEADING = re.compile(r"<(/?)h([1-6])>")
_EMPTY_HEADING = re.compile(r"<h([1-6])></h\1>\n?")
_TASK = re.compile(r'<li><input type="checkbox"( checked="")? disabled="" />')
_FORMULA = re.compile(r'<span data-math-style="(inline|display)">(.*?)</span>([.,;:!?]{0,3})(?=(.?))', re.S)
_NOTE_REFERENCE = re.compile(r'<sup class="footnote-ref"><a href="#fn-[^"]*" id="[^"]*" data-footnote-ref>(\d+)</a></sup>')
_NOTE = re.compile(r'<li id="fn-[^"]*">')
_NOTE_BACK = re.compile(r' ?<a href="#fnref-[^"]*"[^>]*data-footnote-backref-idx="(\d+)(?:-(\d+))?"[^>]*>↩.*?</a>', re.S)
_LINKED_NOTE = re.compile(r'<li id="fn-([0-9a-f]{10})-')
_NOTE_MARK = re.compile(r'<(sup|li|span)( class="footnote-(?:ref|back)")? data-note="(\d+)(?:-(\d+))?">(?:\d*</(?:sup|span)>)?')


def own_elements(markup: str, unfinished: str, around: Surroundings, *, formula_is_open: bool = False) -> str:
    """The markup in our elements, still to be sanitised. `unfinished` is the source of a block that may go on, else empty;
    `formula_is_open`: its last formula has not ended."""
    if "</h" in markup:
        markup = _with_outline(_EMPTY_HEADING.sub("", markup), around.outline)
    if 'href="#fn' in markup:
        markup = _with_note_marks(markup)
    if "<a " in markup or "<img " in markup:
        markup = _with_safe_links(markup)
    if "<pre>" in markup:
        markup = _with_code_figures(markup, unfinished, around.code)
    if "<span data-math" in markup:
        markup = _with_formulas(markup, formula_is_open)
    if "<input " in markup:
        markup = _TASK.sub(_task_item, markup)
    if "<table>" in markup:
        markup = markup.replace("<table>", _TABLE_FRAME + "<table>").replace("</table>", "</table></div>")
        markup = _EMPTY_HEADER_CELL.sub(r"<td\1></td>", markup)
    return markup


def with_note_links(markup: str, text: str) -> str:
    """The last step after sanitising, which knows no addresses within a page: footnotes and their references lead to each other.

    Their ids hold a fingerprint of the text, so that those of two answers in one page differ; `notes_at` parts those of the same text.
    """
    name = blake2s(text.encode("utf-8", "replace"), digest_size=5).hexdigest()

    def link(mark: re.Match[str]) -> str:
        number, place = mark[3], f"{mark[3]}-{mark[4]}"
        if mark[1] == "li":
            return f'<li id="fn-{name}-{number}">'
        if mark[1] == "sup":
            return (
                f'<sup class="footnote-ref"><a id="fnref-{name}-{place}" href="#fn-{name}-{number}"'
                f' aria-label="Footnote {number}">{number}</a></sup>'
            )
        return f'<a class="footnote-back" href="#fnref-{name}-{place}" aria-label="Back to reference {number}">↩</a>'

    return _NOTE_MARK.sub(link, markup)


def notes_at(markup: str, place: str) -> str:
    """The markup of an answer for a place of a page, with ids of footnotes that no other place has, whatever stands there."""
    found = _LINKED_NOTE.search(markup)  # in a text `<` is escaped: this tag is ours
    if not found:
        return markup
    for start in ('"fn-', '"#fn-', '"fnref-', '"#fnref-'):
        markup = markup.replace(f"{start}{found[1]}-", f"{start}{found[1]}-{place}-")
    return markup


def _with_note_marks(markup: str) -> str:
    """Numbers in place of comrak's addresses, which hold what the model wrote."""
    uses: dict[str, int] = {}
    notes = iter(range(1, len(markup)))

    def reference(found: re.Match[str]) -> str:
        uses[found[1]] = uses.get(found[1], 0) + 1
        return f'<sup class="footnote-ref" data-note="{found[1]}-{uses[found[1]]}"></sup>'

    markup = _NOTE_REFERENCE.sub(reference, markup)
    markup = _NOTE.sub(lambda _: f'<li data-note="{next(notes)}">', markup)
    return _NOTE_BACK.sub(lambda found: f' <span class="footnote-back" data-note="{found[1]}-{found[2] or 1}"></span>', markup)


def _task_item(item: re.Match[str]) -> str:
    state = 'checked="" aria-label="Done"' if item[1] else 'aria-label="Not done"'
    return f'<li class="task"><input type="checkbox" disabled="" {state} />'


def _with_outline(markup: str, outline: list[int]) -> str:
    """Headings begin at `h2` and go down one step at a time."""

    def rewrite(found: re.Match[str]) -> str:
        level = int(found[2])
        if not found[1]:
            while outline and outline[-1] >= level:
                outline.pop()
            outline.append(level)
        return f"<{found[1]}h{min(len(outline) + 1, 6)}>"

    return _HEADING.sub(rewrite, markup)


def _with_safe_links(markup: str) -> str:
    """Links with an address we do not open lose it; images are never loaded and become links (or plain words inside a link)."""
    inside: bool | None = None  # None: outside a link; else whether the link around us is kept

    def rewrite(found: re.Match[str]) -> str:
        nonlocal inside
        if found[1] is not None:
            inside = _SAFE_ADDRESS.match(found[1]) is not None
            return found[0] if inside else ""
        if found[3] is None:
            was_kept, inside = inside, None
            return "" if was_kept is False else found[0]
        label = f"Image: {found[3]}" if found[3] else "Image"
        if inside is None and _SAFE_ADDRESS.match(found[2]):
            return f'<a class="remote-image" href="{found[2]}">{label}</a>'
        return f'<span class="remote-image">{label}</span>'

    return _LINK_OR_IMAGE.sub(rewrite, markup)


def _with_formulas(markup: str, last_is_open: bool) -> str:
    """Formulas in MathML. What only looks like one (`US$5 and US$ 6`, `$HOME/$USER`) is text again."""
    open_start = markup.rfind("<span data-math-style=") if last_is_open else -1

    def rewrite(found: re.Match[str]) -> str:
        tex, display = html.unescape(found[2]), found[1] == "display"
        if found.start() == open_start:
            return source_html(tex, display=display, after=found[3])
        if display:
            return formula_html(tex, display=True, after=found[3])
        before = markup[found.start() - 1 : found.start()]
        if _is_word(before) or (not found[3] and _is_word(found[4])):
            return f"${found[2]}${found[3]}"
        return formula_html(tex, display=False) + found[3]

    return _FORMULA.sub(rewrite, markup)


def _is_word(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _with_code_figures(markup: str, unfinished: str, finished_code: dict[tuple[str, str], str]) -> str:
    open_start = _open_code_start(markup, unfinished) if unfinished else -1

    def figure(found: re.Match[str]) -> str:
        key = (html.unescape(found[1] or ""), found[2])
        if found.start() == open_start:
            return code_figure(html.unescape(key[1]), key[0], coloured=False)
        if key not in finished_code:
            finished_code[key] = _formula_or_code(html.unescape(key[1]), key[0])
        return finished_code[key]

    return _PRE.sub(figure, markup)


def _formula_or_code(code: str, info: str) -> str:
    after = info.removeprefix("math")
    if after != info and (after == OPEN or PUNCTUATION.fullmatch(after)):
        return formula_paragraph(code, after)
    return code_figure(code, info, coloured=True)


def formula_paragraph(tex: str, after: str = "") -> str:
    """A displayed formula that stands alone, with the punctuation behind it; its source when it is open."""
    made = source_html(tex, display=True) if after == OPEN else formula_html(tex, display=True, after=after)
    return f"<p>{made}</p>\n" if tex.strip() else ""


def _open_code_start(markup: str, source: str) -> int:
    """Where the code block begins that the source leaves unfinished, or -1: it is last, and its fence has not come."""
    start = markup.rfind("<pre>")
    end = markup.find("</code></pre>", start)
    if re.search(r"[^<>\s]", re.sub(r"</\w+>", "", markup[end:])):
        return -1
    last_line = source.rstrip().rpartition("\n")[2].strip("> \t")
    is_mark = len(last_line) >= 3 and (not last_line.strip("`") or not last_line.strip("~"))
    ended_by_mark = is_mark and not markup[:end].rstrip("\n").endswith("\n" + last_line)
    return -1 if ended_by_mark else start
