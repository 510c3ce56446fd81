"""What the meter holds of a person, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone

from accounts.types import Actor, Advance, ExportFile
from usage.ranges import RangeName, Step, UsageRange
from usage.selectors.export import csv_header, csv_page

_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


def personal_data_steps(actor: Actor) -> int:
    return 1


def personal_data(actor: Actor, advance: Advance) -> Iterator[ExportFile]:
    """`usage.csv`: every ledger entry of the personal workspace, oldest first, as `/usage/export.csv` gives them."""
    yield ExportFile("usage.csv", _lines(actor.workspace_id))
    advance()


def _lines(workspace_id: UUID) -> Iterator[bytes]:
    ever = UsageRange(RangeName.OWN, UTC, Step.MONTH, (_BEFORE_ALL, timezone.now()))
    yield csv_header()
    page = csv_page(workspace_id, ever, None)
    while page.last is not None:
        yield page.text
        page = csv_page(workspace_id, ever, page.last)
