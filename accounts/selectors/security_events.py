"""The trail, for those it is about."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import SecurityEvent
from accounts.types import SecurityEventKind
from core.csv_lines import csv_line

PAGE_SIZE = 50
_CSV_PAGE = 1000
_COLUMNS = ("time", "event", "done_by", "address", "browser", "details", "id")


def security_events_of(user_id: UUID) -> QuerySet[SecurityEvent]:
    """Everything about one person's account, the latest first."""
    return SecurityEvent.objects.filter(subject_id=user_id).order_by("-id")


def security_events_page(user_id: UUID, before: UUID | None) -> tuple[list[SecurityEvent], bool]:
    """A page of it, and whether there is more. One query along `security_event_subject`, as fast on any page."""
    rows = security_events_of(user_id)
    page = list((rows.filter(id__lt=before) if before else rows)[: PAGE_SIZE + 1])
    return page[:PAGE_SIZE], len(page) > PAGE_SIZE


def csv_of_security_events(rows: QuerySet[SecurityEvent]) -> Iterator[bytes]:
    """The events as CSV (times are UTC), the latest first, in pieces of some hundred lines: memory stays flat.

    Cells that a spreadsheet would run as a formula begin with an apostrophe. Every piece is a query of its own.
    """
    yield csv_line(_COLUMNS)
    rows, last = rows.order_by("-id"), None
    while page := list((rows.filter(id__lt=last) if last else rows)[:_CSV_PAGE]):
        yield b"".join(csv_line(_cells(event)) for event in page)
        last = page[-1].id


def _cells(event: SecurityEvent) -> tuple[str, ...]:
    return (
        event.created_at.isoformat(timespec="seconds"),
        event.get_kind_display(),
        event.done_by,
        event.address or "",
        event.agent,
        event.detail_words,
        str(event.id),
    )


def has_signed_in_before(user_id: UUID) -> bool:
    """Whether the trail has a sign-in of theirs already. One query on the index of one's own page."""
    return SecurityEvent.objects.filter(subject_id=user_id, kind=SecurityEventKind.SIGNED_IN).exists()
