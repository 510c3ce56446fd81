"""What providers reported for the latest answers, beside what we had counted."""

from __future__ import annotations

import time
from functools import lru_cache

from conversations.calibration import factors
from conversations.models import Generation
from usage.types import Confidence

LATEST = 5_000
_SECONDS = 600


def factor_of(model_key: str) -> float:
    """Tokens that this model's provider reports for one of ours; 1 until enough is known. Looked at anew every ten minutes."""
    return _factors(int(time.monotonic() // _SECONDS)).get(model_key, 1.0)


def forget_factors() -> None:
    """Look again at the next call."""
    _factors.cache_clear()


@lru_cache(maxsize=1)
def _factors(_stretch: int) -> dict[str, float]:
    """Of all workspaces: only sums leave this function. One statement along the primary key, whose order is that of time."""
    latest = Generation.objects.order_by("-id").values_list("model_key", "input_counted", "input_tokens", "confidence")[:LATEST]
    return factors(
        (key, counted, reported) for key, counted, reported, confidence in latest if reported and confidence == Confidence.REPORTED
    )
