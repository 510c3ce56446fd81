"""The trend as geometry for an SVG: columns of stacked segments, lines with labels. Pure.

Along the range in percent of the width, upwards in pixels: the drawing fits any screen without scaling its words. Each
series has a pattern of its own besides its colour, each column says its figures in words, and a table has the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_UP, Decimal
from itertools import pairwise

from django.utils.formats import date_format, get_format

from usage.figures import Figures, summed
from usage.formats import short, usd
from usage.ranges import Step, UsageRange

HEIGHT = 200  # of the plot, in pixels
SERIES = 4  # that are told apart; what is left is one more
OTHER = "other"
_GAP = Decimal("0.28")  # of a column's width
_LABELS = 12  # at most so many words below the columns, on a phone half of them


@dataclass(frozen=True, slots=True)
class Segment:
    series: int
    y: Decimal
    height: Decimal


@dataclass(frozen=True, slots=True)
class Column:
    """One part of the range. `figures` are by series, in the order of `Chart.series`; `label` is empty where there is no room."""

    title: str
    label: str
    sparse: bool  # the label has room on a phone too
    x: Decimal
    width: Decimal
    segments: tuple[Segment, ...]
    figures: tuple[Figures, ...]
    total: Figures

    @property
    def middle(self) -> Decimal:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Line:
    y: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    measure: str  # tokens, cost
    series: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def draw(chosen: UsageRange, parts: Sequence[Mapping[str, Figures]], measure: str) -> Chart | None:
    """The chart of `measure` (`tokens` or `cost`) by provider; None when there is nothing to draw."""
    value = _value(measure)
    series = _series(parts, value)
    stacks = [_stack(part, series) for part in parts]
    highest = max((sum((max(value(figures), Decimal(0)) for figures in stack), Decimal(0)) for stack in stacks), default=Decimal(0))
    if highest <= 0:
        return None
    top = _round_up(highest)
    titles, labels = _titles(chosen), _labels(chosen)
    slot = Decimal(100) / len(parts)
    columns = tuple(
        Column(
            title=titles[number],
            label=labels[number] if number % _every(len(parts)) == 0 else "",
            sparse=number % (2 * _every(len(parts))) == 0,
            x=_places(slot * (number + _GAP / 2)),
            width=_places(slot * (1 - _GAP)),
            segments=tuple(_segments([value(figures) for figures in stack], top)),
            figures=tuple(stack),
            total=summed(stack),
        )
        for number, stack in enumerate(stacks)
    )
    return Chart(measure, series, columns, _lines(top, measure))


def _value(measure: str) -> Callable[[Figures], Decimal]:
    return (lambda figures: figures.cost) if measure == "cost" else (lambda figures: Decimal(figures.tokens))


def _series(parts: Sequence[Mapping[str, Figures]], value: Callable[[Figures], Decimal]) -> tuple[str, ...]:
    totals: dict[str, Decimal] = {}
    for part in parts:
        for name, figures in part.items():
            totals[name] = totals.get(name, Decimal(0)) + value(figures)
    names = sorted(totals, key=lambda name: (-totals[name], name))
    return (*names[:SERIES], OTHER) if len(names) > SERIES + 1 else tuple(names)


def _stack(part: Mapping[str, Figures], series: Sequence[str]) -> list[Figures]:
    rest = summed(figures for name, figures in part.items() if name not in series)
    return [rest if name == OTHER else part.get(name, Figures()) for name in series]


def _segments(values: Sequence[Decimal], top: Decimal) -> list[Segment]:
    """From the ground up; what is nothing (or, after an adjustment, less than that) is not drawn."""
    segments, y = [], Decimal(HEIGHT)
    for number, value in enumerate(values):
        if value > 0:
            height = value / top * HEIGHT
            y -= height
            segments.append(Segment(number + 1, _places(y), _places(max(height - 1, Decimal("0.5")))))
    return segments


def _round_up(highest: Decimal) -> Decimal:
    """The next figure that four even lines divide well."""
    unit = Decimal(1).scaleb(highest.adjusted())
    steps = (Decimal(step) for step in ("1", "1.2", "1.6", "2", "2.4", "3.2", "4", "6", "8", "10"))
    return next(step * unit for step in steps if step * unit >= highest)


def _lines(top: Decimal, measure: str) -> tuple[Line, ...]:
    values = [top * number / 4 for number in range(5)]
    return tuple(Line(_places(HEIGHT - value / top * HEIGHT), usd(value) if measure == "cost" else short(value)) for value in values)


def _every(parts: int) -> int:
    return int((Decimal(parts) / _LABELS).to_integral_value(ROUND_UP))


def _titles(chosen: UsageRange) -> list[str]:
    """What each part is, in full. The ends of a day that is cut short, or an hour, by the clock."""
    return [_title(chosen, start.astimezone(chosen.zone), end.astimezone(chosen.zone)) for start, end in pairwise(chosen.boundaries)]


def _title(chosen: UsageRange, start: datetime, end: datetime) -> str:
    if chosen.step is Step.HOUR:
        return f"{date_format(start, 'TIME_FORMAT')} to {date_format(end, 'TIME_FORMAT')}"
    if chosen.step is Step.DAY:
        since = "" if start.hour == start.minute == 0 or start != chosen.starts_at else f" from {date_format(start, 'TIME_FORMAT')}"
        return f"{date_format(start, 'DATE_FORMAT')}{since}"
    return date_format(start, "YEAR_MONTH_FORMAT")


def _labels(chosen: UsageRange) -> list[str]:
    """Short enough to stand below a column."""
    moments = [part.astimezone(chosen.zone) for part in chosen.parts]
    if chosen.step is Step.HOUR:
        # Not Django's "midnight": on a phone it would touch its neighbour.
        clock = "g a" if get_format("TIME_FORMAT") == "P" and not any(moment.minute for moment in moments) else "TIME_FORMAT"
        return [date_format(moment, clock) for moment in moments]
    if chosen.step is Step.DAY:
        day = "M j" if get_format("MONTH_DAY_FORMAT").startswith(("F", "N")) else "j M"
        return [date_format(moment, day if not number or moment.day == 1 else "j") for number, moment in enumerate(moments)]
    return [f"{moment:%b}" if number and moment.month > 1 else f"{moment:%b %y}" for number, moment in enumerate(moments)]


def _places(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))
