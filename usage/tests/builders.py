"""Short words for what tests need: a workspace, a hold, a call, many at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.utils import timezone

from accounts.types import Actor
from usage.models import Period
from usage.periods import month_of
from usage.services import set_allowance
from usage.types import Call, Confidence, HoldRequest, Purpose, TokenBuckets, UnitPrices

T = TypeVar("T")
PRICES = UnitPrices(
    input=Decimal(3),
    output=Decimal(15),
    cache_read=Decimal("0.3"),
    cache_write_5m=Decimal("3.75"),
    cache_write_1h=Decimal(6),
    long_context_above=200_000,
    long_context=UnitPrices(Decimal(6), Decimal("22.5"), Decimal("0.6"), Decimal("7.5"), Decimal(12)),
)


def make_actor(name: str = "") -> Actor:
    """Somebody with a personal workspace on plan free."""
    user: Any = get_user_model().objects.create_user(f"{name or uuid4().hex}@example.org")
    return Actor(user.id, user.personal_workspace.id)


def make_workspace(tokens: int | None = 100_000, cost: Decimal | None = None) -> UUID:
    """A workspace with room for so much."""
    workspace_id = make_actor().workspace_id
    set_allowance(workspace_id, plan_code="test", tokens_per_period=tokens, cost_per_period=cost, version=1)
    return workspace_id


def hold(workspace_id: UUID, tokens: int = 100, cost: str = "0.5", key: str = "", **more: Any) -> HoldRequest:
    return HoldRequest(key or uuid4().hex, workspace_id, tokens, Decimal(cost), "generation:1", **more)


def call(workspace_id: UUID, *, key: str = "", output: int = 10, fresh: int = 0, user_id: UUID | None = None, **more: Any) -> Call:
    facts: dict[str, Any] = {
        "source": "generation:1",
        "purpose": Purpose.CHAT,
        "provider": "anthropic",
        "model": "claude",
        "buckets": TokenBuckets(fresh_input=fresh, output=output),
        "prices": PRICES,
        "confidence": Confidence.REPORTED,
    }
    return Call(key=key or uuid4().hex, workspace_id=workspace_id, user_id=user_id, **{**facts, **more})


def counters(workspace_id: UUID) -> tuple[int, int, Decimal | int, Decimal | int]:
    """Tokens used and held, cost used and held, of the running period (zeros when it is not open)."""
    period = Period.objects.filter(workspace_id=workspace_id, starts_at=month_of(timezone.now()).starts_at)
    row = period.values_list("tokens_used", "tokens_held", "cost_used", "cost_held").first()
    return row or (0, 0, 0, 0)


def all_at_once(calls: int, function: Callable[[int], T], *, threads: int = 24) -> list[T | Exception]:
    """`function(0)`, `function(1)`, ... from many threads with connections of their own; results or errors, in order."""

    def run(number: int) -> T | Exception:
        try:
            return function(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(calls)))


def wait_until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    """Come back as soon as the condition holds; fail when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "What the test waits for did not happen."
        time.sleep(0.005)


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])
