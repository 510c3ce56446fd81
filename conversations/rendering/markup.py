"""One block of Markdown to safe HTML: comrak parses, small rewrites make our own elements, the sanitiser has the last word."""

from __future__ import annotations

import html
import logging
import re
from dataclasses import dataclass, field

import comrak

from conversations.rendering.blocks import Block
from conversations.rendering.cleaning import LESS_THAN, clean
from conversations.rendering.figures import code_figure
from conversations.rendering.sanitise import sanitise

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Surroundings:
    """What a block takes over from those before it."""

    # Levels of the headings that are open: the page needs an outline without gaps below its own heading, whatever the model wrote.
    outline: list[int] = field(default_factory=list)
    # Finished code of the open block by (info, escaped code): a list with code in it is not lexed again with every delta.
    code: dict[tuple[str, str], str] = field(default_factory=dict)


_EXTENSIONS = ("table", "tasklist", "strikethrough", "autolink", "alerts", "math_dollars", "math_latex", "cjk_friendly_emphasis")
# HTML may be so much longer than its source before the source is shown instead.
_LARGEST_GROWTH, _GROWTH_ALLOWANCE = 32, 65_536
# comrak looks for the end of each LaTeX bracket to the end of the block.
_MOST_LATEX_BRACKETS = 400

# A `<` that could begin HTML. Autolinks and link destinations keep theirs.
_TAG_START = re.compile(r"(?<!\]\()(?<!\]: )<(?=[A-Za-z/!?])(?!(?:https?://|mailto:)[^\s<>]*>|[\w.+-]{1,64}@[\w.-]{1,255}>)")
_ADDRESS = re.compile(r'(?<= href=")[^"]*|(?<= src=")[^"]*')
_PERCENT_LESS_THAN = "%EF%B7%90"
_PRE = re.compile(r'<pre><code(?: class="language-([^"]*)")?>(.*?)</code></pre>\n?', re.S)
_LINK_OR_IMAGE = re.compile(r'<a href="([^"]*)"[^>]*>|</a>|<img src="([^"]*)" alt="([^"]*)"[^>]*/>')
_SAFE_ADDRESS = re.compile(r"(?i)https?://[^\s]|mailto:[^\s]")
_TABLE_FRAME = '<div class="table" tabindex="0" role="group" aria-label="Table">'
_BACK_REFERENCE = re.compile(r' ?<a href="#fnref-[^>]*>.*?</a>', re.S)
_HEADING = re.compile(r"<(/?)h([1-6])>")
_TASK = re.compile(r'<li><input type="checkbox"( checked="")? disabled="" />')


def _extensions(*, footnotes: bool, latex: bool) -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    for name in _EXTENSIONS:
        setattr(options, name, True)
    options.footnotes = footnotes
    options.math_latex = latex
    return options


_EXTENSION_SETS = {
    (footnotes, latex): _extensions(footnotes=footnotes, latex=latex) for footnotes in (False, True) for latex in (False, True)
}
_PARSE = comrak.ParseOptions()
_RENDER = comrak.RenderOptions()
_RENDER.escape = True


def block_html(block: Block, around: Surroundings, *, finished: bool) -> str:
    """Safe HTML of a block. Never raises. `finished`: nothing can follow in it, so even code without an end is coloured."""
    if block.fence is not None:
        return sanitise(code_figure(block.fence.code, block.fence.language_words, coloured=block.fence.closed))
    if not block.source.strip(" \t\n"):
        return ""
    if block.as_source:
        return source_html(block.source)
    return _never_raising(block.source, footnotes=False, around=around, finished=finished)


def document_html(text: str) -> str:
    """Safe HTML of a whole cleaned text at once, with its footnotes and references."""
    return _never_raising(text, footnotes=True, around=Surroundings(), finished=False)


def source_html(text: str) -> str:
    """The text as it is, in a code frame."""
    return sanitise(code_figure(text, coloured=False))


def _never_raising(source: str, *, footnotes: bool, around: Surroundings, finished: bool) -> str:
    """An answer that trips the parser is still an answer."""
    try:
        return _markdown_html(source, footnotes, around, finished)
    except BaseException as problem:
        if not isinstance(problem, Exception) and type(problem).__name__ != "PanicException":  # a panic in Rust is no Exception
            raise
        _log.exception("A block of an answer could not be rendered and is shown as its source")
        return source_html(clean(source))


def _markdown_html(source: str, footnotes: bool, around: Surroundings, finished: bool) -> str:
    latex = source.count("\\(") + source.count("\\[") <= _MOST_LATEX_BRACKETS
    guarded = _TAG_START.sub(LESS_THAN, source) if "<" in source else source
    markup = comrak.render_markdown(guarded, _EXTENSION_SETS[footnotes, latex], _PARSE, _RENDER)
    if len(markup) > _LARGEST_GROWTH * len(source) + _GROWTH_ALLOWANCE:
        return source_html(source)
    if guarded is not source:
        if _PERCENT_LESS_THAN in markup:
            markup = _ADDRESS.sub(lambda address: address[0].replace(_PERCENT_LESS_THAN, "%3C"), markup)
        markup = markup.replace(LESS_THAN, "&lt;")
    if "&#" in source:  # entities can name what `clean` dropped
        markup = clean(markup)
    return sanitise(_with_own_elements(markup, "" if finished else source, around))


def _with_own_elements(markup: str, unfinished: str, around: Surroundings) -> str:
    if "</h" in markup:
        markup = _with_outline(markup, around.outline)
    if 'href="#fn' in markup:
        markup = _BACK_REFERENCE.sub("", markup)
    if "<a " in markup or "<img " in markup:
        markup = _with_safe_links(markup)
    if "<pre>" in markup:
        markup = _with_code_figures(markup, unfinished, around.code)
    if "<input " in markup:
        markup = _TASK.sub(_task_item, markup)
    if "<table>" in markup:
        markup = markup.replace("<table>", _TABLE_FRAME + "<table>").replace("</table>", "</table></div>")
    return markup


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


def _with_code_figures(markup: str, unfinished: str, finished_code: dict[tuple[str, str], str]) -> str:
    open_start = _open_code_start(markup, unfinished) if unfinished else -1

    def figure(found: re.Match[str]) -> str:
        key = (html.unescape(found[1] or ""), found[2])
        if found.start() == open_start:
            return code_figure(html.unescape(key[1]), key[0], coloured=False)
        if key not in finished_code:
            finished_code[key] = code_figure(html.unescape(key[1]), key[0], coloured=True)
        return finished_code[key]

    return _PRE.sub(figure, markup)


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
