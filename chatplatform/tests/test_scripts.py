"""Scripts travel without their comments, and say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.scripts import without_comments

SCRIPTS = sorted((Path(__file__).parents[2] / "static" / "js").glob("*.js"))


def test_comments_that_are_lines_go_and_everything_else_stays() -> None:
    code = 'import { a } from "./a.js"; // why', "", 'const url = "https://x/*y*/"; /* here */', "a(url);", ""
    written = "\n".join(["/* What it does,", " * at length. */", *code[:2], "  // alone", code[2], "  /** Doc. */", *code[3:]])
    served = "\n".join(code)
    assert without_comments(written) == served
    assert without_comments(served) == served


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_line_of_code_goes_with_them(script: Path) -> None:
    """Line by line, by a reader of its own: what is left is every line that neither is nor stands in a comment."""
    left, inside = [], False
    for line in script.read_text().splitlines():
        bare = line.strip()
        if inside or bare.startswith("/*"):
            inside = not bare.endswith("*/")
            assert inside or bare.endswith("*/")
        elif not bare.startswith("//"):
            left.append(line)
    assert without_comments(script.read_text()).splitlines() == left
    assert not inside
