"""The plans of a first start."""

from __future__ import annotations

from dataclasses import asdict

from usage.models import Plan
from usage.plans import FIRST_PLANS


def ensure_plans() -> int:
    """Make the plans of a first start that are missing; returns how many. What an operator has edited stays as it is."""
    known = set(Plan.objects.values_list("code", flat=True))
    missing = [Plan(**asdict(facts)) for facts in FIRST_PLANS if facts.code not in known]
    Plan.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
