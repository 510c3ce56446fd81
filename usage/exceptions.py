"""What the meter raises.

`QuotaExceeded`, a `PaymentRequired` (402): the running period has no room for the worst case.
`AppendOnly`: somebody tried to change the ledger, a mistake in our code that people never see.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from core.exceptions import PaymentRequired

Unit = Literal["tokens", "cost"]


class QuotaExceeded(PaymentRequired):
    """No room: `needed` is more than `left` of `unit` (tokens, or USD), and that changes by itself at `resets_at`."""

    code = "quota_exceeded"

    def __init__(self, *, needed: int | Decimal, left: int | Decimal, unit: Unit, resets_at: datetime) -> None:
        self.needed = needed
        self.left = left
        self.unit = unit
        self.resets_at = resets_at
        day = f"{resets_at.day} {resets_at:%B}"
        if left > 0:
            state = f"This may need up to {_amount(needed, unit)}, and your plan has {_amount(left, unit)} left."
            todo = f"Send something shorter, choose a smaller model, upgrade, or wait until {day}, when it resets."
        else:
            state = "Your plan has nothing left for this month."
            todo = f"Upgrade, or wait until {day}, when it resets."
        super().__init__(f"{state} {todo}")


class AppendOnly(RuntimeError):
    """Ledger entries are written once. A correction is another entry."""


def _amount(value: int | Decimal, unit: Unit) -> str:
    return f"{value:,} tokens" if unit == "tokens" else f"${value:,.4f}"
