"""The figures of one range."""

from __future__ import annotations

from datetime import datetime

from accounts.types import Actor
from usage import forecast
from usage.figures import Figures, grouped
from usage.ladder import rungs
from usage.ranges import UsageRange
from usage.selectors.balance import get_balance
from usage.selectors.figures import read_kinds
from usage.summary import Summary


def get_summary(actor: Actor, chosen: UsageRange, *, now: datetime) -> Summary:
    """What the actor's workspace used in the range, and what the running period will come to. Two statements.

    Exact to the last call that was settled, however many there are: it costs what a few thousand sums cost.
    """
    shown = len(chosen.parts)
    # One statement for both questions: the parts of the forecast are numbered behind those of the range.
    rows = read_kinds(actor.workspace_id, [*rungs(chosen.boundaries), *rungs(forecast.boundaries(now), first_part=shown)])
    lately = grouped(rows, lambda row: row.part - shown)
    days = [lately.get(day, Figures()) for day in range(forecast.DAYS)]
    balance = get_balance(actor.workspace_id, now=now)
    return Summary(chosen, now, balance, forecast.forecast(balance, days, now), [row for row in rows if row.part < shown])
