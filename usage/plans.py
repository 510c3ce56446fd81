"""The plans of a first start. After it the rows in the database are the truth; an operator edits them in the admin."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a plan grants for a month. A limit of None means unlimited, a price of None means on request."""

    code: str
    name: str
    tokens_per_month: int | None
    price_usd: Decimal | None
    price_text: str
    cost_per_month: Decimal | None = None
    sort: int = 0
    requests_per_minute: int | None = None


FREE = "free"  # what a workspace without an allowance counts as

FIRST_PLANS: tuple[PlanFacts, ...] = (
    PlanFacts(FREE, "Free", 100_000, Decimal(0), "Free", sort=10, requests_per_minute=60),
    PlanFacts("pro", "Pro", 5_000_000, Decimal(20), "$20 a month", sort=20, requests_per_minute=240),
    PlanFacts("enterprise", "Enterprise", None, None, "Price on request", sort=30),
)
