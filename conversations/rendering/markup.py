"""One block of Markdown to safe HTML: comrak parses, small rewrites make our own elements, the sanitiser has the last word."""

from __future__ import annotations

import logging
import re

import comrak

from conversations.rendering import lines
from conversations.rendering.blocks import Splitter
from conversations.rendering.cleaning import LESS_THAN, clean
from conversations.rendering.elements import Surroundings, formula_paragraph, own_elements, with_note_links
from conversations.rendering.figures import code_figure
from conversations.rendering.pieces import Block
from conversations.rendering.sanitise import sanitise

_log = logging.getLogger(__name__)

_EXTENSIONS = ("table", "tasklist", "strikethrough", "autolink", "alerts", "math_dollars", "math_latex", "cjk_friendly_emphasis")
# HTML may be so much longer than its source before the source is shown instead.
_LARGEST_GROWTH, _GROWTH_ALLOWANCE = 32, 65_536
# comrak looks for the end of each LaTeX bracket to the end of the block.
_MOST_LATEX_BRACKETS = 400

# A `<` that could begin HTML. Autolinks and link destinations keep theirs.
_TAG_START = re.compile(r"(?<!\]\()(?<!\]: )<(?=[A-Za-z/!?])(?!(?:https?://|mailto:)[^\s<>]*>|[\w.+-]{1,64}@[\w.-]{1,255}>)")
_ADDRESS = re.compile(r'(?<= href=")[^"]*|(?<= src=")[^"]*')
_PERCENT_LESS_THAN = "%EF%B7%90"
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_ENDS_BLANK = re.compile(r"\n[ \t]*\n\Z")
_LAST_FORMULA = re.compile(r'<span data-math-style="(\w+)">[^<]*</span>(?:</\w+>|\s)*\Z')
_FENCE = "`" * 32
_STARTS = {"\\)": "\\(", "\\]": "\\[", "$$": "$$"}
_KINDS = {"\\)": "inline", "\\]": "display", "$$": "display"}


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
        return sanitise(_fence_html(block))
    if not block.source.strip(" \t\n"):
        return ""
    if block.formula:
        return sanitise(formula_paragraph(block.tex, block.after))
    if block.as_source:
        return source_html(block.source)
    return _never_raising(block.source, footnotes=False, around=around, finished=finished)


def document_html(text: str) -> str:
    """Safe HTML of a whole text at once, with its footnotes and references."""
    made = _never_raising(_with_fenced_formulas(text), footnotes=True, around=Surroundings(), finished=False)
    return with_note_links(made, text) if "data-note" in made else made


def source_html(text: str) -> str:
    """The text as it is, in a code frame."""
    return sanitise(code_figure(text, coloured=False))


def _fence_html(block: Block) -> str:
    fence = block.fence
    assert fence is not None  # noqa: S101
    info = fence.language_words
    if fence.closed and info.strip() == "math":
        return formula_paragraph(fence.code)
    return code_figure(fence.code, info, coloured=fence.closed)


def _with_fenced_formulas(text: str) -> str:
    """The same document with each formula over several lines in a fence, where the parser takes none of its lines for a list,
    and with the blank lines that the splitter reads between a paragraph and a formula (or what had looked like one)."""
    splitter = Splitter()
    blocks = [*splitter.push(text), splitter.open_block]
    if not any(block.formula or lines.LONE_FORMULA.match(block.source) for block in blocks):
        return text
    parts: list[str] = []
    for block in blocks:
        if parts and (block.formula or lines.LONE_FORMULA.match(block.source)) and not _ENDS_BLANK.search(parts[-1]):
            parts.append("\n")
        if block.fence is not None:
            parts.append(block.fence.source)
        elif block.formula:
            parts.append(f"{_FENCE}math{block.after}\n{block.tex}\n{_FENCE}\n")
        else:
            parts.append(block.source)
    return "".join(parts)


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
    brackets = source.count("\\(") + source.count("\\[")
    extensions = _EXTENSION_SETS[footnotes, brackets <= _MOST_LATEX_BRACKETS]
    guarded = _TAG_START.sub(LESS_THAN, source) if "<" in source else source
    markup = comrak.render_markdown(guarded, extensions, _PARSE, _RENDER)
    if len(markup) > _LARGEST_GROWTH * len(source) + _GROWTH_ALLOWANCE:
        return source_html(source)
    formula_is_open = False
    for end in () if finished else _possible_ends(guarded):
        completed = comrak.render_markdown(guarded + end, extensions, _PARSE, _RENDER)
        if _last_formula(completed) == _KINDS[end] and not _last_formula(markup):
            markup, formula_is_open = completed, True
            break
    if guarded is not source:
        if _PERCENT_LESS_THAN in markup:
            markup = _ADDRESS.sub(lambda address: address[0].replace(_PERCENT_LESS_THAN, "%3C"), markup)
        markup = markup.replace(LESS_THAN, "&lt;")
    if "&#" in source:  # entities can name what `clean` dropped
        markup = clean(markup)
    return sanitise(own_elements(markup, "" if finished else source, around, formula_is_open=formula_is_open))


def _possible_ends(source: str) -> list[str]:
    """What might end a formula that the source has begun and not ended. Only guesses: the parser has to agree."""
    if "$$" not in source and "\\" not in source:
        return []
    source = _BLANK_LINE.split(source)[-1]  # no formula goes over a blank line
    return [end for end, start in _STARTS.items() if source.rfind(start) > (-1 if start == end else source.rfind(end))]


def _last_formula(markup: str) -> str:
    """The kind of the formula that the markup ends with."""
    last = _LAST_FORMULA.match(markup, max(0, markup.rfind("<span data-math")))
    return last[1] if last else ""
