"""What the form of search asks for, as filters. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from uuid import UUID

from conversations.search.results import SearchFilters
from core.exceptions import InvalidInput

DAYS = {"7": "Last 7 days", "30": "Last 30 days", "365": "Last year"}
ROLES = {"user": "What I said", "assistant": "Answers"}
PLACES = {"pinned": "Pinned", "archived": "Archived", "all": "Everywhere"}
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 12, 31)


def read_filters(given: Mapping[str, str], zone: tzinfo, now: datetime) -> SearchFilters:
    """Choices that there are not are passed over. Days of one's own (`from`, `to`, both inside) begin when they begin in `zone`.

    Raises `InvalidInput` when a day is none, or the last is before the first.
    """
    first, last = _day(given.get("from", "")), _day(given.get("to", ""))
    if first and last and last < first:
        raise InvalidInput("The last day is before the first. Exchange them.")
    since = _begin(first, zone) if first else None
    if given.get("days", "") in DAYS:
        latest = now - timedelta(days=int(given["days"]))
        since = max(since, latest) if since else latest
    try:
        chat = UUID(given.get("chat", ""))
    except ValueError:
        chat = None
    return SearchFilters(
        role=given["role"] if given.get("role") in ROLES else "",
        model_key=given.get("model", "").replace("\x00", "")[:160],
        since=since,
        until=_begin(last + timedelta(days=1), zone) if last else None,
        where=given["where"] if given.get("where") in PLACES else "",
        conversation_id=chat,
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInput("A day is written like 2026-03-31: year, month and day.") from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidInput(f"Choose days from {FIRST_DAY.year} to {LAST_DAY.year}.")
    return day


def _begin(day: date, zone: tzinfo) -> datetime:
    """The moment at which the day begins. Where its midnight is skipped: that of the skip; where it comes twice: the first."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
