"""What the meter raises.

`QuotaExceeded`, a `PaymentRequired` (402): the running period has no room for the worst case.
`ModelNotIncluded`, likewise: the plan has no such model.
`TooManyRequests`, a `RateLimited` (429): more in a minute than the plan has.
`AppendOnly`: somebody tried to change the ledger, a mistake in our code that people never see.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from django.utils.formats import date_format

from core.exceptions import PaymentRequired, RateLimited

Unit = Literal["tokens", "cost"]


class QuotaExceeded(PaymentRequired):
    """No room: `needed` is more than `left` of `unit` (tokens, or USD), and that changes by itself at `resets_at`.

    `used_up`: nothing that anybody could send has room, however short it is.
    """

    code = "quota_exceeded"

    def __init__(self, *, needed: int | Decimal, left: int | Decimal, unit: Unit, resets_at: datetime, used_up: bool = False) -> None:
        self.needed = needed
        self.left = left
        self.unit = unit
        self.resets_at = resets_at
        self.used_up = used_up
        day = f"{date_format(resets_at.astimezone(UTC), 'MONTH_DAY_FORMAT')} (UTC)"
        if left <= 0:
            state = "Your plan has nothing left for this month."
            todo = f"Upgrade, or wait until {day}, when it resets."
        elif used_up:
            too_little = "are too few" if unit == "tokens" else "is too little"
            state = f"Your plan is used up: {_amount(left, unit)} left {too_little} for any message."
            todo = f"Upgrade, or wait until {day}, when it resets."
        else:
            state = f"This may need up to {_amount(needed, unit)}, and your plan has {_amount(left, unit)} left."
            todo = f"Send something shorter, choose a smaller model, upgrade, or wait until {day}, when it resets."
        super().__init__(f"{state} {todo}")

    def when_used_up(self) -> QuotaExceeded:
        """The same, for people who cannot help it by sending something shorter."""
        return QuotaExceeded(needed=self.needed, left=self.left, unit=self.unit, resets_at=self.resets_at, used_up=True)


class ModelNotIncluded(PaymentRequired):
    """The plan has no such model; `plans` are the names of those that have."""

    code = "model_not_included"

    def __init__(self, *, model_name: str, plan_name: str, plans: Sequence[str]) -> None:
        self.plans = tuple(plans)
        todo = f"It comes with {either(plans)}: upgrade, or choose another model." if plans else "Choose another model."
        super().__init__(f"{model_name} is not part of your plan ({plan_name}). {todo}")


class TooManyRequests(RateLimited):
    """More than `limit` requests in a minute; the next one passes in `retry_after` seconds."""

    code = "too_many_requests"

    def __init__(self, *, limit: int, retry_after: float) -> None:
        self.limit = limit
        seconds = max(1, math.ceil(retry_after))
        messages = "one message" if limit == 1 else f"{limit:,} messages"
        wait = "a second" if seconds == 1 else f"{seconds} seconds"
        super().__init__(f"Your plan has room for {messages} a minute. Send this again in {wait}.", retry_after=seconds)


class AppendOnly(RuntimeError):
    """Ledger entries are written once. A correction is another entry."""


def either(names: Sequence[str]) -> str:
    """`Pro`, `Pro or Enterprise`."""
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _amount(value: int | Decimal, unit: Unit) -> str:
    return f"{value:,} tokens" if unit == "tokens" else f"${value:,.4f}"
