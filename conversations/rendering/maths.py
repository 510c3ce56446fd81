"""Formulas: TeX as models write it becomes MathML, which browsers and screen readers know without a script.

`math_core` (Rust, about 20 us a formula) makes the MathML; before it, what it does not know is said in words that it knows. A formula
that cannot be read is shown as its source. Only words of our own reach the page: inline styles become class names (`static/css/maths.css`).
"""

from __future__ import annotations

import html
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache

from math_core import LatexError, LatexToMathML

from conversations.rendering.chemistry import chemistry_to_tex
from conversations.rendering.delimiters import has_many_unpaired

# A longer formula is none.
LONGEST_FORMULA = 4_000
_LONGEST_MARKUP, _DEEPEST_MARKUP = 96_000, 120
# math_core recurses on the machine's stack, up to 3 kB for each character (`(((((`), and an overflow would end the process. Short
# formulas fit in any stack; longer ones are converted in a thread that has a large one.
_SHORT = 120
_LARGE_STACK = 64 * 1024 * 1024
# Definitions can grow without end, and a formula of a chat needs none.
_DEFINITION = re.compile(
    r"\\(?:[egx]?def|let|(?:re)?newcommand|providecommand|newenvironment|DeclareMathOperator|input|include)(?![A-Za-z])"
)
# A formula this long may be wider than a phone: its frame can be scrolled by keyboard.
_MAYBE_WIDE = 28

_MACROS = {
    **dict.fromkeys(("hbox", "mbox", "textnormal", "textup", "textsl", "textsc"), r"\text{#1}"),
    **dict.fromkeys(("Huge", "huge", "LARGE", "Large", "large", "normalsize", "small", "footnotesize", "scriptsize", "tiny"), ""),
    **dict.fromkeys(("strut", "noindent", "par", "hfill"), ""),
    "substack": r"\begin{matrix}#1\end{matrix}",
    "mathds": r"\mathbb{#1}",
    "pmb": r"\boldsymbol{#1}",
    "smash": "{#1}",
    "href": "{#2}",
    "norm": r"\left\lVert #1 \right\rVert",
    "abs": r"\left\lvert #1 \right\rvert",
    "dv": r"\frac{\mathrm{d} #1}{\mathrm{d} #2}",
    "pdv": r"\frac{\partial #1}{\partial #2}",
    "sgn": r"\operatorname{sgn}",
    "argmax": r"\operatorname*{arg\,max}",
    "argmin": r"\operatorname*{arg\,min}",
    "dotsb": r"\cdots",
    "dotsc": r"\ldots",
    "qed": r"\square",
    "defeq": r"\coloneqq",
    "celsius": r"{}^\circ\mathrm{C}",
    "degreeCelsius": r"{}^\circ\mathrm{C}",
    "textdegree": r"{}^\circ",
    "euro": r"\text{€}",
}
_RENAMED = {
    "split": "aligned",
    "alignedat": "aligned",
    "alignat": "align*",
    "flalign": "align*",
    "eqnarray": "align*",
    "smallmatrix": "matrix",
    "matrix": "matrix", "pmatrix": "pmatrix", "bmatrix": "bmatrix", "Bmatrix": "Bmatrix", "vmatrix": "vmatrix", "Vmatrix": "Vmatrix",
    "cases": "cases",
}  # fmt: skip
_ENVIRONMENT = re.compile(rf"\\(begin|end)\{{({'|'.join(_RENAMED)})(\*?)\}}((?:(?<=at\}})|(?<=at\*\}}))\{{\d+\}}|(?<=\*\}})\[[lcr]\])?")
_WRAPPER = re.compile(r"\\(?:begin|end)\{(?:math|displaymath|subequations)\}")
_SAYS_NOTHING = re.compile(
    r"\\(?:label|require)\{[^{}]*\}|\\[/-](?![A-Za-z])|\\(?:no)?limits(?![A-Za-z])|(?<=\\\\)\s*\[-?[\d.]+\s*[a-z]{2}\]"
)
_TAG = re.compile(r"\\tag\*?\{([^{}]*)\}")
_NUMBERED = re.compile(r"\\begin\{(?:align|gather|equation|multline)\}")
_UNESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)([%#])")
_TEXT = re.compile(r"\\(?:text|mbox|hbox|textrm)\{([^{}]*)\}")
_CHEMISTRY = re.compile(r"\\ce\{((?:[^{}]|\{[^{}]*\})*)\}")

_converter = LatexToMathML(macros=_MACROS, annotation=False, fancy_error=False, max_expansions=64, allow_unreliable_rendering=True)

_ANY_TAG = re.compile(r"</?")
_STYLE = re.compile(r' style="([^"]*)"( class="[^"]*")?')
_ID = re.compile(r' (?:id|href)="[^"]*"')
_COLOURS = {"#FF0000": "red", "#0000FF": "blue", "#008000": "green", "#00FF00": "green", "#FFA500": "orange", "#FF8000": "orange"} | {
    "#800080": "purple", "#BF0040": "purple", "#808080": "grey"
}  # fmt: skip
_DECLARATIONS = {
    "text-align:left": "math-start",
    "text-align:right": "math-end",
    "padding-left:0": "math-joined-start",
    "padding-right:0": "math-joined-end",
    "padding-left:1em": "math-apart",
    "width:100%": "math-wide",
    "width:50%": "math-half",
    "border-top:0.05em solid currentcolor": "math-over",
    "border-bottom:0.05em solid currentcolor": "math-under",
    "border-right:0.05em solid currentcolor": "math-right",
    "border-left:0.05em solid currentcolor": "math-left",
    "margin-left:-0.16666667em": "math-tighter",
} | {f"color:{value}": f"math-{name}" for value, name in _COLOURS.items()}
CLASS_NAMES = frozenset(_DECLARATIONS.values()) | {"menclose-updiagonalstrike", "menclose-downdiagonalstrike"}


@lru_cache(maxsize=2048)
def formula_html(tex: str, *, display: bool, after: str = "") -> str:
    """MathML of a formula, the TeX as its annotation; its source when it cannot be read. Never raises.

    `display`: in a frame of its own, with the punctuation `after` it inside (as on paper).
    """
    tex = tex.strip()
    if not tex:
        return html.escape(after)
    markup = _mathml(tex, display, after)
    if markup is None:
        return source_html(tex, display=display, after=after)
    return _frame(markup, tex) if display else markup


def source_html(tex: str, *, display: bool, after: str = "") -> str:
    """The source of a formula: of one that is not finished, or that cannot be read."""
    tex = tex.strip()
    markup = f'<code class="tex">{html.escape(tex, quote=False)}</code>{html.escape(after)}'
    return _frame(markup, tex) if display else markup


def _frame(markup: str, tex: str) -> str:
    reachable = ' tabindex="0" role="group" aria-label="Formula"' if len(tex) > _MAYBE_WIDE else ""
    return f'<span class="formula"{reachable}>{markup}</span>'


def _mathml(tex: str, display: bool, after: str) -> str | None:
    if len(tex) > LONGEST_FORMULA or _DEFINITION.search(tex):
        return None
    try:
        known = _in_known_words(tex)
        if has_many_unpaired(known):
            return None
        made = _convert(known, display) if len(known) <= _SHORT else _large_stack().submit(_convert, known, display).result()
    except (LatexError, ValueError):
        return None
    if len(made) > _LONGEST_MARKUP or _depth(made) > _DEEPEST_MARKUP:
        return None
    made = _ID.sub("", _STYLE.sub(_class_for_style, made))
    start, _, inner = made.partition(">")
    annotation = f'<annotation encoding="application/x-tex">{html.escape(tex, quote=False)}</annotation>'
    inner = inner.removesuffix("</math>") + (f"<mtext>{html.escape(after)}</mtext>" if after else "")
    return f"{start}><semantics><mrow>{inner}</mrow>{annotation}</semantics></math>"


def _convert(tex: str, display: bool) -> str:
    made: str = _converter.convert_with_local_state(tex, displaystyle=display)
    return made


@cache
def _large_stack() -> ThreadPoolExecutor:
    usual = threading.stack_size(_LARGE_STACK)
    try:
        pool = ThreadPoolExecutor(1, "formulas")
        pool.submit(int).result()  # makes the thread
    finally:
        threading.stack_size(usual)
    return pool


os.register_at_fork(after_in_child=_large_stack.cache_clear)  # threads do not cross a fork


def _depth(markup: str) -> int:
    deepest = depth = 0
    for tag in _ANY_TAG.findall(markup):
        depth += -1 if tag == "</" else 1
        deepest = max(deepest, depth)
    return deepest


def _in_known_words(tex: str) -> str:
    if "\\ce" in tex:
        tex = _CHEMISTRY.sub(lambda found: chemistry_to_tex(found[1]), tex)
    if "%" in tex or "#" in tex:  # a percent sign is a percent sign: nobody comments on a formula in a chat
        tex = _UNESCAPED.sub(r"\1\\\2", tex)
    if "\\text" in tex or "box{" in tex:
        tex = _TEXT.sub(_text_around_formulas, tex)
    if "\\begin" in tex:
        tex = _ENVIRONMENT.sub(_known_environment, _WRAPPER.sub("", tex)).replace("&=&", "&=")
    if "\\tag" in tex and not _NUMBERED.search(tex):
        tex = _TAG.sub(r"\\qquad\\text{(\1)}", tex)
    return _SAYS_NOTHING.sub("", tex) if "\\" in tex else tex


def _known_environment(found: re.Match[str]) -> str:
    return f"\\{found[1]}{{{_RENAMED[found[2]]}}}"


def _text_around_formulas(found: re.Match[str]) -> str:
    """`\\text{if $x$ is odd}`: formulas inside text, and signs that text may have here but not in TeX."""
    parts = found[1].split("$")
    if len(parts) % 2 == 0:
        return found[0]
    made = []
    for number, part in enumerate(parts):
        if number % 2:
            made.append(part)
        elif part:
            made.append("\\text{" + re.sub(r"(?<!\\)([&_^])", r"\\\1", part).replace("\\^", "\\char94 ") + "}")
    return "".join(made)


def _class_for_style(found: re.Match[str]) -> str:
    declarations = ("".join(part.split(" ", 1) if ": " in part else [part]).strip() for part in found[1].split(";"))
    names = [_DECLARATIONS[words] for words in declarations if words in _DECLARATIONS]
    return f' class="{" ".join(names)}"' if names else ""
