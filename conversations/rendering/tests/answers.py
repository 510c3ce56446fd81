"""Markdown that models write, and worse: strategies for property tests."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

WORDS = [
    "The", "*quick*", "**brown fox**", "`a < b`", "naïve", "日本語の**文章**です", "😀", "<b>x</b>", "<!-- no", "-->", "$x_1 < 2$",
    "[link](https://a.example/b_c)", "![chart](https://a.example/c.png)", "~~old~~", "https://b.example/x?y=1&z", "a|b", "snake_case_name",
    "\\*", "&amp;", "&#x202e;", "مرحبا", "2024.", "1.", "-", "+", "#", ">", "=", "```", "\\(x\\)", "[", "](", "**", "_", "`",
]  # fmt: skip
MARKS = [
    "- ", "* ", "+ ", "1. ", "2) ", "10. ", "> ", "# ", "### ", "    ", "  ", "   ", "\t", " ", "", "", "", "- [ ] ", "- [x] ", "-\t",
    "-     ", "> - ", "1. > ", "-\n", "| ", "-\t  ",
]  # fmt: skip
LINES = [
    "```", "```python", "~~~", "````", "  ```", "   ```js", "    ```", "---", "===", "***", "- - -", "--", "|---|---|", "| a | b |",
    "|:-:|", "$$ x", "y $$.", "x \\] more", "- b + c", "= d", "$$", "\\[", "\\]",
    "<div>", "</div>", "<script>alert(1)</script>", "<!--", "-->", "", "", "", "  ", "\t", "> ", ">", "> ```",
    "- ```", "1. ~~~", "-", "*", "1.", "> [!NOTE]", "#", "##", "+ a", "14. b", "\u202eabc", "\x00",
]  # fmt: skip
DEFINITIONS = ["[ref]: https://a.example", "[^1]: A note.", "see [ref] and [^1]"]
CODE = ["def f(x):\n    return 'a < b'\n", "\n\nx = 1\n\ny\n", "``\n", "# not a heading\n- not a list\n", "<p>&amp;</p>\n", ""]
BLOCKS = [
    "# Heading with `code`\n",
    "Setext heading\n==============\n",
    "Another\n---\n",
    "A paragraph that\nruns over **two\nlines** and ends.\n",
    "---\n",
    "> quoted\nlazy\n> more\n",
    "- tight\n- list\n  - nested\n    deeper text\n- end\n",
    "1. loose\n\n2. list\n\n   with a paragraph\n",
    "- [x] done\n- [ ] open\n",
    "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 |\n",
    "    indented code\n\n    goes on\n",
    "Intro:\n1. one\n   ```bash\n   ls -l\n\n   pwd\n   ```\n2. two\n",
    "$$\nx = y\n$$\n",
    "<details>\n<summary>x</summary>\n\ntext\n</details>\n",
    "> [!TIP]\n> Do it.\n",
    "<!-- a\n\ncomment -->\n",
    "1. **Title**\nlazy text\n\n2. **Next**\n   - sub\n",
    "Term: *em*  \nhard break\\\nagain\n",
    "- a\n\n\n- b\n\n  ```\n  code\n  ```\n",
    "\\[\nE = mc^2\n\\]\n",
    "So:\n$$\na\n- b\n= c\n$$,\nwhere $a$ costs $5 or \\(b\\).\n",
    "1. Step\n   \\[\n   x^2\n   \\]\n2. Next\n",
    "$$ never ends\n\nand goes on\n",
    "```math\n\\frac{1}{2}\n```\n",
]

line = st.one_of(
    st.sampled_from(LINES),
    st.builds(lambda mark, words: mark + " ".join(words), st.sampled_from(MARKS), st.lists(st.sampled_from(WORDS), min_size=1, max_size=5)),
)
soup = st.lists(st.builds(str.__add__, line, st.sampled_from(["\n", "\n", "\n", "\n\n", "\n\n\n"])), max_size=24).map("".join)
fence = st.builds(
    lambda mark, info, code, closed: f"{mark}{info}\n{code}{mark if closed else ''}\n",
    st.sampled_from(["```", "~~~", "````"]),
    st.sampled_from(["", "python", "js title=x", "c++", "nonsense", "{python}"]),
    st.sampled_from(CODE),
    st.sampled_from([True, True, True, False]),
)
gap = st.sampled_from(["\n", "\n", "\n", "", "\n\n"])
answer = st.lists(st.builds(str.__add__, st.one_of(st.sampled_from(BLOCKS), fence), gap), max_size=12).map("".join)
with_definitions = st.lists(st.builds(str.__add__, st.sampled_from(BLOCKS + DEFINITIONS), gap), max_size=12).map("".join)

# Also what is neither: any characters at all.
marks_and_anything = st.one_of(st.sampled_from("*_`~#>-+|[]()<>!\\$&;:=\"'\n\n\n\r\t 1.ab"), st.characters())
anything = st.text(alphabet=marks_and_anything, max_size=200)


def with_line_ends(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The same with Unix, Windows or old Mac line ends."""
    return st.builds(lambda text, end: text.replace("\n", end), texts, st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]))


def cut(text: str, places: list[int]) -> list[str]:
    """The text in pieces, cut at these places (modulo its length)."""
    marks = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[start:end] for start, end in pairwise(marks)]


texts = with_line_ends(st.one_of(answer, answer, soup, with_definitions, anything))
cuts = st.lists(st.integers(min_value=0, max_value=4000), max_size=60)
