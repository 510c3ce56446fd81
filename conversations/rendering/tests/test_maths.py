"""TeX of models becomes MathML that a browser can draw and a screen reader can say; prices stay prices."""

from __future__ import annotations

import re
import threading
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.rendering import StreamRenderer, render
from conversations.rendering.maths import CLASS_NAMES, LONGEST_FORMULA, formula_html

FORMULAS = r"""
E = mc^2
\frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
\sum_{i=1}^{n} i = \frac{n(n+1)}{2}
\int_{-\infty}^{\infty} e^{-x^2} \, dx = \sqrt{\pi}
\lim_{x \to 0} \frac{\sin x}{x} = 1
\begin{aligned} a &= b + c \\[6pt] &= d + e \end{aligned}
\begin{align*} \nabla \cdot \mathbf{E} &= \frac{\rho}{\varepsilon_0} \\ \nabla \cdot \mathbf{B} &= 0 \end{align*}
\begin{align} x &= 1 \label{eq:1} \\ y &= 2 \nonumber \end{align}
\begin{equation} \begin{split} a &= b \\ &= c \end{split} \end{equation}
\begin{eqnarray} a &=& b \\ c &=& d \end{eqnarray}
\begin{alignat}{2} a &= b \\ c &= d \end{alignat}
f(x) = \begin{cases} x^2 & \text{if } x \ge 0 \\ -x & \text{otherwise} \end{cases}
\begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1}
\begin{bmatrix} 1 & \cdots & 0 \\ \vdots & \ddots & \vdots \\ 0 & \cdots & 1 \end{bmatrix}
\begin{pmatrix*}[r] -1 & 2 \\ 3 & -4 \end{pmatrix*}
\det(A) = \begin{vmatrix} a & b \\ c & d \end{vmatrix}
\begin{array}{c|cc} & 0 & 1 \\ \hline 0 & 0 & 1 \end{array}
\boxed{x = 42}
\text{Speed} = \frac{\text{distance}}{\text{time}}
P(A \mid B) = \frac{P(B \mid A)\,P(A)}{P(B)}
\mathbb{E}[X] = \sum_k k \cdot \Pr(X = k)
\operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}
\operatorname*{arg\,min}_{\theta} \mathcal{L}(\theta)
\argmax_{x} f(x)
\left( \frac{a}{b} \right)^n \left[ x \right] \left\{ y \;\middle|\; y > 0 \right\}
\left. \frac{d f}{d x} \right|_{x = x_0}
\prod_{p \text{ prime}} \frac{1}{1 - p^{-s}}
\sum\limits_{\substack{0 \le i \le m \\ 0 < j < n}} P(i, j)
\vec{v} + \dot{x} + \hat{y} + \widehat{ABC} + \widetilde{xyz} + \overline{AB} + \overrightarrow{AB}
\binom{n}{k} = \frac{n!}{k!(n-k)!}
x \equiv a \pmod{n}
\forall \epsilon > 0 \; \exists \delta > 0 : |x - a| < \delta \implies |f(x) - L| < \epsilon
A \cup B \cap C \setminus D \subseteq E \notin \emptyset
\oint_{\partial S} \mathbf{F} \cdot d\mathbf{r} = \iint_S (\nabla \times \mathbf{F}) \cdot d\mathbf{S}
\ket{\psi} = \alpha \ket{0} + \beta \ket{1}
\ce{2H2 + O2 -> 2H2O}
\ce{SO4^2- + Ba^2+ -> BaSO4 v}
\ce{N2(g) + 3H2(g) <=>[Fe] 2NH3(g)}
\underbrace{1 + 1 + \dots + 1}_{n \text{ times}} = n
\sqrt[3]{27} = 3
\frac{\partial^2 u}{\partial t^2} = c^2 \nabla^2 u
\cfrac{1}{1 + \cfrac{1}{x}} + \tfrac12 + \dfrac{1}{2}
\lVert x \rVert_2 + \norm{x} + \abs{y} + \lfloor x \rfloor + \lceil y \rceil
a \xrightarrow{f} b \xleftarrow[g]{h} c
x' + y'' + f'(x) + g^{(n)}(x)
1{,}000 \text{ or } \$5.00 \text{ at } 50\% \text{ or } 7%
\color{red}{x} + \textcolor{blue}{y} + \cancel{z}
\big( \Big( \bigg( x \bigg) \Big) \big)
\stackrel{\text{def}}{=} \overset{!}{=} \coloneqq \therefore
\text{if $x > 0$ and } \textbf{bold} \hbox{box} \texttt{code}
5\,\text{kg} \cdot 9.81\,\mathrm{m/s^2} = 49.05\,\mathrm{N}, 25\,^\circ\mathrm{C}
E = mc^2 \tag{1}
X \sim \mathcal{N}(\mu, \sigma^2) \quad \mathscr{F} \quad \mathfrak{g} \quad \mathbf{1}_{\{x > 0\}}
\boldsymbol{\alpha} + \bm{\beta}
\phantom{x} \hspace{1em} a \, b \; c \! d \quad e \qquad f ~ g
a < b > c \& d
面积 = \pi r^2
""".strip().splitlines()

BROKEN = [r"\frac{1}{", "x^{y", "}{", r"\begin{cases} 1", r"\left( x", "x^2^3", r"\nosuchcommand{x}", r"\def\a{\a\a}\a", r"\hline"]


def text_of(markup: str) -> str:
    return re.sub(r"<annotation.*?</annotation>|<[^>]*>", "", markup, flags=re.S)


@pytest.mark.parametrize("tex", FORMULAS)
def test_what_models_write_becomes_mathml(tex: str) -> None:
    html = render(f"$${tex}$$")
    assert html.startswith('<p dir="auto"><span class="formula"')
    assert '<math display="block"><semantics>' in html
    assert "\\" not in text_of(html).replace("∖", "")
    assert "style=" not in html.replace("displaystyle=", "")
    assert {name for found in re.findall(r'<m[^>]* class="([^"]*)"', html) for name in found.split()} <= CLASS_NAMES


@pytest.mark.parametrize("tex", BROKEN)
def test_what_is_no_formula_is_shown_as_its_source(tex: str) -> None:
    source = tex.replace("&", "&amp;")
    assert f'<code class="tex">{source}</code>' in render(f"${tex}$")
    assert "<math" not in render(f"\\[{tex}\\]")


@pytest.mark.parametrize(
    "text", ["$x^2$", "\\(x^2\\)", "$$x^2$$", "\\[x^2\\]", "$$\nx^2\n$$", "\\[\nx^2\n\\]", "```math\nx^2\n```", "> $$\n> x^2\n> $$"]
)
def test_every_bracket_of_formulas(text: str) -> None:
    html = render(f"a\n\n{text}\n\nb")
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in html
    assert (('display="block"' in html) is (text[0] != "$" or text[1] == "$") and "\\(" not in text) or 'display="block"' not in html
    assert '<annotation encoding="application/x-tex">x^2</annotation>' in html


def test_lines_of_a_formula_are_no_list_no_heading_and_no_rule() -> None:
    html = render("So:\n$$\na\n- b\n+ c\n= d\n---\n1. e\n$$,\nwhere $e$ is it.")
    assert text_of(html) == "So:\na−b+c=d−−−1.e,\nwhere e is it.\n"
    assert not re.search(r"<(?:ul|ol|h2|hr)", html)


def test_footnotes_do_not_disturb_formulas_over_several_lines() -> None:
    formula = "$$\na\n- b\n$$."
    (made,) = re.findall(r"<math.*?</math>", render(formula), re.S)
    assert made in render(f"x[^1]:\n{formula}\n\n```py\n1\n```\n\n[^1]: note")


def test_what_never_ends_is_text_again_after_a_blank_line() -> None:
    html = render("$$ is a rating\n- a\n\nMore **words**.")
    assert "$$ is a rating" in html
    assert "<li>a" in html
    assert "<strong>words</strong>" in html


@pytest.mark.parametrize(
    "text",
    [
        "it costs $5 and $10", "between $20-$30", "US$5 and US$ 6 or A$7", "$HOME/$USER", "$5,000 to $6,000.", "a $ b $ c",
        "`$x$`", "\\$x\\$",
        "($5) or ($6)", "from $1M-$2M", "100$ or 200$",
    ],
)  # fmt: skip
def test_prices_and_variables_are_no_formulas(text: str) -> None:
    html = render(text)
    assert "<math" not in html
    assert "tex" not in html
    assert text_of(html).strip() == text.replace("`", "").replace("\\", "")


@pytest.mark.parametrize(
    "text", ["Let \\(x_1 + *y*", "Let $$x_1 + *y*", "\\[\nx_1 + *y*", "$$\nx_1 + *y*", "- Let \\[x_1 + *y*", "> $$x_1 + *y*"]
)
def test_an_open_formula_is_its_source_and_no_garbage(text: str) -> None:
    for html in (StreamRenderer.from_text(text).tail_html, render(text)):
        assert '<code class="tex">x_1 + *y*</code>' in html
    closed = {"(": "\\)", "[": "\\]", "$": "$$"}[text[text.index("x") - 1] if "\n" not in text else text[1]]
    assert "<math" in render(text + closed)


def test_a_wide_formula_can_be_scrolled_by_keyboard_and_punctuation_stays_with_it() -> None:
    wide, narrow = render("\\[" + "x + " * 20 + "x\\]."), render("\\[x\\].")
    assert '<span class="formula" tabindex="0" role="group" aria-label="Formula">' in wide
    assert "tabindex" not in narrow
    assert wide.count("<mtext>.</mtext></mrow><annotation") == narrow.count("<mtext>.</mtext></mrow><annotation") == 1


@pytest.mark.parametrize(
    "tex",
    [
        "{" * 50_000, "{" * 2_000 + "}" * 1_000, "\\frac{" * 600, "\\sqrt" * 700 + "x", "\\left(" * 600,
        "\\begin{matrix}" * 250, "x^{" * 1300,
        "\\hat" * 900, "\\text{" * 600, "_" * 3_999, "\\not" * 900, "\\def\\a{" + "x" * 1500 + "}\\def\\b{" + "\\a" * 400 + "}\\b\\b",
        "\\substack{" * 300, "\\abs{" * 700, "\\ce{" + "(" * 3_000 + "}", "\\ce{" * 900, "&" * 3_999, "\\\\" * 1_999, 
        "\\text{$" * 500, "%" * 3_999,
        "(" * 3_999, "\\{" * 1_999, "\\displaystyle" * 300, "\\dfrac" * 660, "\\overset" * 440, "\\langle" * 500,
    ],
)  # fmt: skip
def test_hostile_formulas_end_soon_and_alive_on_a_small_stack(tex: str) -> None:
    made: list[str] = []
    usual = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=lambda: made.append(formula_html(tex, display=True)))
        start = process_time()
        thread.start()
        thread.join()
    finally:
        threading.stack_size(usual)
    assert process_time() - start < 0.5
    assert len(made[0]) < 40 * LONGEST_FORMULA + 2 * len(tex)


tokens = st.sampled_from(
    [
        *re.findall(r"\\[A-Za-z]+\*?|\\.|[{}\[\]^_&$%#]|[^\\{}\[\]^_&$%#]+", "\n".join(FORMULAS)),
        "<",
        ">",
        "'",
        '"',
        "\\",
        "\n",
        "`",
        "\\end{align}",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(tokens, max_size=40).map("".join), st.booleans())
def test_any_formula_gives_balanced_markup_and_its_source(tex: str, display: bool) -> None:
    html = formula_html(tex, display=display)
    opened = re.findall(r"<(/?)(\w+)[^>]*?(/?)>", html)
    depth: list[str] = []
    for closing, name, alone in opened:
        if closing:
            assert depth.pop() == name
        elif not alone:
            depth.append(name)
    assert not depth
