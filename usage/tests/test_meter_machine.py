"""Whatever people, runners and janitors do in whatever order: the meter agrees with a simple model, and its audit is clean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule, run_state_machine_as_test

from usage.exceptions import QuotaExceeded
from usage.models import Hold, LedgerEntry, Period
from usage.pricing import cost
from usage.services import audit, expire_dead_leases, release, renew, reserve, set_allowance, settle
from usage.tests.builders import PRICES, call, hold, make_workspace
from usage.types import TokenBuckets

START = datetime(2026, 11, 29, 12, tzinfo=UTC)
LEASE_SECONDS = 120
amounts = st.integers(0, 400)
limits = st.none() | st.integers(0, 2000)


class MeterMachine(RuleBasedStateMachine):
    """A workspace, its clock, and what a person with pen and paper would have written down."""

    holds = Bundle("holds")

    @initialize(limit=limits)
    def open(self, limit: int | None) -> None:
        self.now = START
        self.version = 0
        self.workspace: UUID = make_workspace(tokens=limit)
        self.limits: dict[int, int | None] = {}  # by month, once its period is open
        self.held: dict[str, tuple[int, int, datetime]] = {}  # key -> month, tokens, end of lease
        self.month_of: dict[str, int] = {}
        self.spent: dict[str, tuple[int, int, Decimal]] = {}  # call key -> month, tokens, cost
        self.limit = limit
        self.number = 0

    def _total(self, month: int) -> int:
        held = sum(tokens for at, tokens, _ in self.held.values() if at == month)
        return held + sum(tokens for at, tokens, _ in self.spent.values() if at == month)

    @rule(target=holds, tokens=amounts)
    def reserve_some(self, tokens: int) -> object:
        self.number += 1
        key, month = f"{self.workspace}/{self.number}", self.now.month
        limit = self.limits.setdefault(month, self.limit)
        fits = limit is None or self._total(month) + tokens <= limit
        try:
            reserve(hold(self.workspace, tokens, "0.01", key=key, lease_seconds=LEASE_SECONDS), now=self.now)
        except QuotaExceeded:
            assert not fits
            return multiple()
        assert fits
        self.held[key] = (month, tokens, self.now + timedelta(seconds=LEASE_SECONDS))
        self.month_of[key] = month
        return key

    @rule(key=holds, tokens=amounts)
    def reserve_again(self, key: str, tokens: int) -> None:
        assert reserve(hold(self.workspace, tokens, key=key), now=self.now) == Hold.objects.get(key=key).id

    @rule(key=holds, fresh=amounts, output=amounts, again=st.booleans())
    def settle_hold(self, key: str, fresh: int, output: int, again: bool) -> None:
        number = "again" if again else "once"
        buckets = TokenBuckets(fresh_input=fresh, output=output)
        settle(key, call(self.workspace, key=f"{key}/{number}", buckets=buckets, called_at=self.now))
        self.held.pop(key, None)
        self.spent.setdefault(f"{key}/{number}", (self.month_of[key], buckets.total, cost(buckets, PRICES)))

    @rule(output=amounts)
    def settle_without_a_hold(self, output: int) -> None:
        self.number += 1
        key = f"{self.workspace}/{self.number}"
        self.limits.setdefault(self.now.month, self.limit)
        settle(None, call(self.workspace, key=key, output=output, called_at=self.now))
        buckets = TokenBuckets(output=output)
        self.spent[key] = (self.now.month, output, cost(buckets, PRICES))

    @rule(key=consumes(holds))
    def release_hold(self, key: str) -> None:
        assert release(key) == (self.held.pop(key, None) is not None)

    @rule(seconds=st.sampled_from([1, 60, 121, 90_000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def runners_renew(self) -> None:
        assert renew(list(self.held), LEASE_SECONDS, now=self.now) == len(self.held)
        end = self.now + timedelta(seconds=LEASE_SECONDS)
        self.held = {key: (month, tokens, end) for key, (month, tokens, _) in self.held.items()}

    @rule()
    def janitor_comes(self) -> None:
        dead = [key for key, (_, _, end) in self.held.items() if end < self.now]
        assert expire_dead_leases(now=self.now) == len(dead)
        for key in dead:
            del self.held[key]

    @rule(limit=limits, newer=st.booleans())
    def plan_changes(self, limit: int | None, newer: bool) -> None:
        self.version += 1
        version = 1 + self.version if newer else -self.version
        took = set_allowance(self.workspace, plan_code="p", tokens_per_period=limit, cost_per_period=None, version=version, now=self.now)
        assert took == newer
        if newer:
            self.limit = limit
            self.limits = {month: limit if month >= self.now.month else old for month, old in self.limits.items()}
            self.limits[self.now.month] = limit

    def teardown(self) -> None:
        for key in getattr(self, "held", ()):
            release(key)

    @invariant()
    def counters_are_what_pen_and_paper_say(self) -> None:
        if not hasattr(self, "workspace"):
            return
        assert audit() == []
        for period in Period.objects.filter(workspace_id=self.workspace, starts_at__year=2026, starts_at__month__in=list(self.limits)):
            month = period.starts_at.month
            spent = [(tokens, price) for at, tokens, price in self.spent.values() if at == month]
            assert period.tokens_used == sum(tokens for tokens, _ in spent)
            assert period.cost_used == sum((price for _, price in spent), Decimal(0))
            assert period.tokens_held == sum(tokens for at, tokens, _ in self.held.values() if at == month)
            assert period.tokens_limit == self.limits[month]
        assert LedgerEntry.objects.filter(workspace_id=self.workspace).count() == len(self.spent)


@pytest.mark.django_db
def test_the_meter_agrees_with_pen_and_paper() -> None:
    run_state_machine_as_test(
        MeterMachine,
        settings=settings(max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)),
    )
