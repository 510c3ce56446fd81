"""Style sheets that come together travel as one file, and lose nothing on the way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template

from chatplatform.tests.collecting import collect
from core.stylesheets import CHAT, SITE, TOGETHER, address, joined

CSS = settings.BASE_DIR / "static" / "css"


def read(path: str) -> str:
    return str((settings.BASE_DIR / "static" / path).read_text())


def test_collecting_makes_one_hashed_file_of_them(tmp_path: Path) -> None:
    storage = collect(tmp_path)
    for name, sheets in TOGETHER.items():
        collected = tmp_path / storage.stored_name(address(f"together-{name}"))
        assert re.search(r"together-\w+\.[0-9a-f]{12}\.css$", collected.name)
        assert collected.read_text() == joined(sheets, read)


@pytest.mark.parametrize("sheets", [SITE, CHAT])
def test_what_is_joined_has_every_rule_and_no_comment(sheets: tuple[str, ...]) -> None:
    text = joined(sheets, read)
    assert "/*" not in text
    for sheet in sheets:
        for rule in re.findall(r"\n  (\.[a-z-]+) \{", read(address(sheet))):
            assert f"\n{rule} {{" in text
    assert text.count("{") == text.count("}")


def test_what_is_for_paper_holds_on_paper_alone() -> None:
    assert joined(("print",), read).startswith("@media print {")


def test_a_page_links_one_file_and_each_by_itself_for_developers(settings: Any) -> None:
    page = Template('{% load stylesheets %}{% stylesheets "chat" %}')
    assert page.render(Context()).count("<link") == 1
    settings.DEBUG = True
    assert page.render(Context()).count("<link") == len(CHAT)
