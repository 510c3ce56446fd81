"""docs/token-counting.md says what the recorded counts say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings

from bench.kit.token_errors import GROUPS, error_table, hold_table, likely_table
from bench.kit.token_texts import recorded

DOCUMENT = (settings.BASE_DIR / "docs/token-counting.md").read_text()


def test_every_kind_of_text_stands_in_one_row() -> None:
    assert sorted(kind for kinds in GROUPS.values() for kind in kinds) == sorted(recorded())


@pytest.mark.parametrize("made", [hold_table, likely_table, error_table])
def test_the_document_has_the_measured_table(made: Callable[[], list[str]]) -> None:
    assert "\n\n" + "\n".join(made()) + "\n\n" in DOCUMENT
