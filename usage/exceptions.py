"""What the meter raises.

`QuotaExceeded`, a `PaymentRequired` (402): the running period has no room for the worst case.
`ModelNotIncluded`, likewise: the plan has no such model.
`AppendOnly`: somebody tried to change the ledger, a mistake in our code that people never see.
"""

from __future__ import annotations

from collections.abc import Sequence
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


class ModelNotIncluded(PaymentRequired):
    """The plan has no such model; `plans` are the names of those that have."""

    code = "model_not_included"

    def __init__(self, *, model_name: str, plan_name: str, plans: Sequence[str]) -> None:
        self.plans = tuple(plans)
        todo = f"It comes with {either(plans)}: upgrade, or choose another model." if plans else "Choose another model."
        super().__init__(f"{model_name} is not part of your plan ({plan_name}). {todo}")


class AppendOnly(RuntimeError):
    """Ledger entries are written once. A correction is another entry."""


def either(names: Sequence[str]) -> str:
    """`Pro`, `Pro or Enterprise`."""
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _amount(value: int | Decimal, unit: Unit) -> str:
    return f"{value:,} tokens" if unit == "tokens" else f"${value:,.4f}"
