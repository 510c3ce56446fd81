"""Everything that the usage page, its JSON and its chart say about one range. Pure, but for what is read by `selectors.summary`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from usage.figures import Figures, KindFigures, grouped, summed
from usage.forecast import Forecast
from usage.ranges import UsageRange
from usage.types import Balance, Confidence, Purpose


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a range. `as_of`: every call that was settled by then is in them, and none after it."""

    range: UsageRange
    as_of: datetime
    balance: Balance
    forecast: Forecast | None
    kinds: Sequence[KindFigures]

    @property
    def total(self) -> Figures:
        return summed(row.figures for row in self.kinds)

    @property
    def answers(self) -> int:
        """Calls that made an answer; titles and the like count in the figures only."""
        return sum(row.figures.calls for row in self.kinds if row.purpose is Purpose.CHAT)

    @property
    def estimated(self) -> Figures:
        """What no provider reported, and we counted ourselves."""
        return summed(row.figures for row in self.kinds if row.confidence is Confidence.ESTIMATED)

    @property
    def by_model(self) -> Mapping[tuple[str, str], Figures]:
        return grouped(self.kinds, lambda row: (row.provider, row.model))

    @property
    def by_provider(self) -> Mapping[str, Figures]:
        return grouped(self.kinds, lambda row: row.provider)

    @property
    def by_purpose(self) -> Mapping[Purpose, Figures]:
        return grouped(self.kinds, lambda row: row.purpose)

    def by_part(self) -> list[dict[str, Figures]]:
        """For each part of the range the sums by provider."""
        parts: list[dict[str, Figures]] = [{} for _ in self.range.parts]
        for (part, provider), figures in grouped(self.kinds, lambda row: (row.part, row.provider)).items():
            parts[part][provider] = figures
        return parts
