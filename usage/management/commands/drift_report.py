"""`manage.py drift_report`: the ledger beside the reports of providers, by model."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from usage.reports.plan import tokens_words
from usage.selectors.drift import ModelDrift, drift_by_model
from usage.selectors.figures import one_moment


class Command(BaseCommand):
    """For the last 30 days, if not said otherwise."""

    help = "Tokens and money by model: ours, the provider's, the difference, and how much of ours is estimated. Days are UTC."

    def add_arguments(self, parser: CommandParser) -> None:
        today = timezone.now().date()
        parser.add_argument("--since", type=date.fromisoformat, default=today - timedelta(days=30), help="First day (2026-11-01).")
        parser.add_argument("--until", type=date.fromisoformat, default=today, help="Last day.")
        parser.add_argument("--provider", default="", help="Only calls of this one.")

    def handle(self, *args: Any, since: date, until: date, provider: str, **options: Any) -> None:
        with one_moment():
            rows = drift_by_model(since, until, provider)
        for row in rows:
            self.stdout.write(f"{row.provider}:{row.model}  reported on {row.days_reported} of {row.days_used} days")
            self.stdout.write(f"  money   {_money(row)}")
            self.stdout.write(f"  tokens  {_tokens(row)}")
            share = f" ({row.estimated_percent} %)" if row.estimated_percent is not None else ""
            self.stdout.write(
                f"  estimated {row.estimated_calls:,} of {row.ours.calls:,} calls{share}, platform carries {row.platform.cost:+f} USD"
            )
        if not rows:
            self.stdout.write("No calls and no reports in these days.")


def _money(row: ModelDrift) -> str:
    if row.cost is None:
        return f"ours {row.ours.cost:f} USD, no report tells money"
    percent = f" ({row.percent_of_cost:+} %)" if row.percent_of_cost is not None else ""
    return f"ours {row.compared_cost:f}, theirs {row.cost:f}, difference {row.difference.cost:+f} USD{percent}"


def _tokens(row: ModelDrift) -> str:
    if row.tokens is None:
        return f"ours {row.ours.tokens.total:,}, no report tells tokens"
    percent = f" ({row.percent_of_tokens:+} %)" if row.percent_of_tokens is not None else ""
    words = tokens_words(row.difference.tokens) or "none"
    return f"ours {row.compared_tokens.total:,}, theirs {row.tokens.total:,}, difference {words}{percent}"
