"""The single values of a report: money, counts, days. Each is checked, or refused with a sentence that names its row."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from typing import Any

from usage.reports.types import Span, UnreadableReport

MOST_TOKENS = 10**15  # of one row: a thousand times what any provider has served in a day
MOST_MONEY = Decimal(10) ** 9
DECIMALS = 40  # more than any report has, so that sums of what is read are exact
TEXT = 200
DAY = timedelta(days=1)
_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,60})?([eE][+-]?\d{1,3})?")
_COUNT = re.compile(r"\d{1,16}(\.0{1,12})?")
_FIRST_YEAR = 2020
_EXACT = Context(prec=120, traps=[InvalidOperation, Inexact])


def money(value: Any, row: int, name: str, *, negative: bool = True) -> Decimal:
    """USD as it stands there, to its last digit. Credits and refunds are negative."""
    text = str(value).strip() if isinstance(value, (str, Decimal)) or type(value) is int else ""
    if not _NUMBER.fullmatch(text):
        raise UnreadableReport(f"“{shown(value)}” in {name} is no amount of money.", row)
    amount = Decimal(text)
    exponent = amount.as_tuple().exponent
    if abs(amount) > MOST_MONEY or not isinstance(exponent, int) or exponent < -DECIMALS:
        raise UnreadableReport(f"“{shown(value)}” in {name} is beyond every price list.", row)
    if amount < 0 and not negative:
        raise UnreadableReport(f"“{shown(value)}” in {name} is negative.", row)
    return amount


def added(one: Decimal, other: Decimal) -> Decimal:
    """The sum with every digit; `decimal` would round at 28."""
    with localcontext(_EXACT):
        return one + other


def cents(amount: Decimal) -> Decimal:
    """Hundredths of a dollar in dollars."""
    with localcontext(_EXACT):
        return amount.scaleb(-2)


def slack_of(amount: Decimal) -> Decimal:
    """How far a printed amount may be from the real one: half of its last place, at most half a cent."""
    exponent = amount.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < -1 else 2
    return Decimal(5).scaleb(-places - 1)


def count(value: Any, row: int, name: str) -> int:
    """Tokens or calls: a whole number from 0. Empty means 0."""
    if value is None or value == "":
        return 0
    text = str(value).strip() if isinstance(value, (str, Decimal)) or type(value) is int else ""
    if not _COUNT.fullmatch(text):
        raise UnreadableReport(f"“{shown(value)}” in {name} is no number of tokens or calls.", row)
    number = int(text.partition(".")[0])
    if number > MOST_TOKENS:
        raise UnreadableReport(f"“{shown(value)}” in {name} is more than any provider serves.", row)
    return number


def usd_only(value: Any, row: int) -> None:
    """Refuses any other currency: a sum of two would be neither."""
    if str(value or "usd").strip().lower() != "usd":
        raise UnreadableReport(f"The currency is “{shown(value)}”; only USD can be compared with the ledger.", row)


def text(value: Any, row: int, name: str, *, required: bool = True) -> str:
    """A name without control characters."""
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise UnreadableReport(f"There is no {name}.", row)
    clean = value.strip()
    if len(clean) > TEXT or not clean.isprintable():
        raise UnreadableReport(f"“{shown(value)}” is no {name}.", row)
    return clean


def moment(value: Any, row: int, name: str) -> datetime:
    """Seconds of Unix, or ISO 8601; without a zone it is UTC, as all three providers have it."""
    try:
        if type(value) is int or (isinstance(value, str) and value.strip().isdigit() and len(value.strip()) > 8):
            found = datetime.fromtimestamp(int(value), UTC)
        else:
            if not isinstance(value, str):
                raise ValueError
            found = datetime.fromisoformat(value.strip().removesuffix(" UTC"))
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise UnreadableReport(f"“{shown(value)}” in {name} is no time.", row) from None
    if not _FIRST_YEAR <= found.year <= 9998:
        raise UnreadableReport(f"“{shown(value)}” in {name} is outside of the years that can be.", row)
    return found


def span(starts_at: datetime, ends_at: datetime, row: int) -> Span:
    """A bucket. It lies within one day of UTC, else it could not be compared with the ledger's days."""
    if not starts_at < ends_at:
        raise UnreadableReport("The time ends before it begins.", row)
    if (ends_at - timedelta(microseconds=1)).date() != starts_at.date():
        raise UnreadableReport("This covers more than one day (UTC). Ask the provider for the report by day.", row)
    return Span(starts_at, ends_at, row)


def whole_day(day: date, row: int) -> Span:
    starts_at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Span(starts_at, starts_at + DAY, row)


def shown(value: Any) -> str:
    """What stands there, short and harmless, for a sentence."""
    words = "".join(sign if sign.isprintable() else "?" for sign in str(value)[:60])
    return words + "…" if len(str(value)) > len(words) else words
