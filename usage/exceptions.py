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

    `held`: what is set aside for calls that run, and may come back sooner. `used_up`: nothing that anybody could send has room,
    however short it is.
    """

    code = "quota_exceeded"

    def __init__(
        self,
        *,
        needed: int | Decimal,
        left: int | Decimal,
        unit: Unit,
        resets_at: datetime,
        held: int | Decimal = 0,
        used_up: bool = False,
    ) -> None:
        self.needed = needed
        self.left = left
        self.unit = unit
        self.resets_at = resets_at
        self.held = held
        self.used_up = used_up
        super().__init__(f"{self._state()} {self._todo()}")

    def when_used_up(self) -> QuotaExceeded:
        """The same, for people who cannot help it by sending something shorter."""
        known = {"needed": self.needed, "left": self.left, "held": self.held}
        return QuotaExceeded(**known, unit=self.unit, resets_at=self.resets_at, used_up=True)

    @property
    def _gone(self) -> bool:
        """Whether nothing has room until the period ends."""
        return self.used_up or (self.unit == "tokens" and self.left + self.held <= 0)

    @property
    def _soon(self) -> bool:
        """Whether it may have room once running calls have ended."""
        return not self._gone and self.needed <= self.left + self.held

    @property
    def _only_free(self) -> bool:
        """Whether what costs nothing has room."""
        return not self._gone and self.left + self.held <= 0

    def _state(self) -> str:
        left = _amount(self.left, self.unit)
        if self._soon:
            held = _amount(self.held, self.unit)
            return f"This may need up to {_amount(self.needed, self.unit)}. Your plan has {left} left, and {held} held for running answers."
        if self._only_free:
            return "Your plan has nothing left for this month for models that cost something."
        if self._gone and self.left <= 0:
            return "Your plan has nothing left for this month."
        if self._gone:
            return f"Your plan is used up: {left} left {'are too few' if self.unit == 'tokens' else 'is too little'} for any message."
        return f"This may need up to {_amount(self.needed, self.unit)}, and your plan has {left} left."

    def _todo(self) -> str:
        if self._soon:
            return "Send it again when they have ended, or choose a smaller model."
        day = f"{date_format(self.resets_at.astimezone(UTC), 'MONTH_DAY_FORMAT')} (UTC)"
        wait = f"wait until {day}, when it resets."
        if self._gone:
            return f"Upgrade, or {wait}"
        if self._only_free:
            return f"Choose one that costs nothing, upgrade, or {wait}"
        return f"Send something shorter, choose a smaller model, upgrade, or {wait}"


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
