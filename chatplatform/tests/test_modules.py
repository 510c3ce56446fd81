"""Modules that come together travel as one file: each once, each whole, each behind what it imports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template

from chatplatform.tests.collecting import collect
from core.modules import ENTRY, address, apart, early, everything, joined

JS = settings.BASE_DIR / "static" / "js"


def read(name: str) -> str:
    return str((JS / f"{name}.js").read_text())


def of(**modules: str) -> Any:
    """A page of these modules, and the two that every page has."""
    return {"chat": "", "first_sight": "", **modules}.__getitem__


def test_each_module_of_the_page_is_there_once() -> None:
    begun = re.findall(r"^const \$(\w+) = \(\(\) => \{$", joined(read), re.MULTILINE)
    imported = re.findall(r'^import \* as \$\w+ from "\./(\w+)\.js";$', joined(read), re.MULTILINE)
    assert imported == apart(read)
    assert sorted([*begun, *imported]) == sorted(everything(read))
    assert begun[-1] == ENTRY


def test_what_other_files_import_too_stands_apart() -> None:
    """Two copies of a module would have two states."""
    assert set(early(read)) <= set(apart(read))
    others = {path.stem for path in JS.glob("*.js")} - set(everything(read))
    in_pages = {name for name in others if f'import("./{name}.js")' in joined(read)}
    assert in_pages == {"estimate", "diagrams", "search"}
    for name in in_pages:
        assert not set(re.findall(r'from "\./(\w+)\.js"', read(name))) & (set(everything(read)) - set(apart(read)))


def test_names_do_not_meet_and_what_is_imported_is_there_before() -> None:
    page = of(
        chat='import { one } from "./a.js";\nimport { two } from "./b.js";\none(two);\n',
        a='import { two } from "./b.js";\nconst name = 1;\nexport function one() {\n  return name + two;\n}\n',
        b="const name = 2;\nexport const two = name;\n",
    )
    assert joined(page) == (
        'import * as $first_sight from "./first_sight.js";\n'
        "const $b = (() => {\nconst name = 2;\nconst two = name;\nreturn { two };\n})();\n"
        "const $a = (() => {\nconst { two } = $b;\nconst name = 1;\nfunction one() {\n  return name + two;\n}\nreturn { one };\n})();\n"
        "const $chat = (() => {\nconst { one } = $a;\nconst { two } = $b;\none(two);\nreturn {  };\n})();\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        'import { one as two } from "./a.js";\n',
        'import all from "./a.js";\n',
        "export default 1;\n",
        "export let one = 1;\n",
        'export { one } from "./a.js";\n',
        "await fetch('/');\n",
    ],
)
def test_what_cannot_be_joined_is_said_while_collecting(text: str) -> None:
    with pytest.raises(ValueError, match="cannot join"):
        joined(of(chat=text, a="export const one = 1;\n"))


def test_modules_that_import_each_other_cannot_be_joined() -> None:
    with pytest.raises(ValueError, match="imports itself"):
        joined(of(chat='import "./a.js";\n', a='import "./b.js";\n', b='import "./a.js";\n'))


def test_collecting_makes_one_hashed_file_whose_imports_are_hashed_too(tmp_path: Path) -> None:
    storage = collect(tmp_path)
    text = (tmp_path / storage.stored_name("js/together-chat.js")).read_text()
    for name in [*apart(read), "search", "estimate", "diagrams"]:
        assert re.search(rf'"\./{name}\.[0-9a-f]{{12}}\.js"', text)
        assert (tmp_path / storage.stored_name(address(name))).exists()


def test_a_page_has_few_files_and_each_by_itself_for_developers(settings: Any) -> None:
    page = Template("{% load modules %}{% modules %}")
    assert len(re.findall(r"(?:src|href)=", page.render(Context()))) == len(apart(read)) + 1
    settings.DEBUG = True
    assert len(re.findall(r"(?:src|href)=", page.render(Context()))) == len(everything(read))
