"""So many requests in any minute pass, exactly, however many arrive at once; the others are told when to come again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from core.redis import get_redis
from usage.exceptions import TooManyRequests
from usage.selectors.balance import get_balance
from usage.services import apply_plan, ensure_plans, limit_requests
from usage.tests.builders import all_at_once, make_actor

pytestmark = pytest.mark.django_db


def test_exactly_as_many_as_the_plan_says_pass_at_once() -> None:
    workspace = make_actor().workspace_id
    balance = replace(get_balance(workspace), requests_per_minute=20)
    results = all_at_once(100, lambda _: limit_requests(workspace, balance))
    assert Counter(type(result) for result in results) == {type(None): 20, TooManyRequests: 80}


def test_the_next_one_passes_when_the_first_is_a_minute_old() -> None:
    workspace = make_actor().workspace_id
    balance = replace(get_balance(workspace), requests_per_minute=2)
    for _ in range(2):
        limit_requests(workspace, balance)
    with pytest.raises(TooManyRequests, match=r"room for 2 messages a minute\. Send this again in (60|59) seconds") as refusal:
        limit_requests(workspace, balance)
    assert 58 < refusal.value.retry_after <= 60
    client: Any = get_redis()
    (first, score), *_ = client.zrange(f"usage:requests:{workspace}", 0, 0, withscores=True)
    client.zadd(f"usage:requests:{workspace}", {first: score - 60_000})
    limit_requests(workspace, balance)
    with pytest.raises(TooManyRequests):
        limit_requests(workspace, balance)


def test_workspaces_do_not_count_for_each_other_and_none_is_unlimited() -> None:
    one, other = make_actor().workspace_id, make_actor().workspace_id
    balance = replace(get_balance(one), requests_per_minute=1)
    limit_requests(one, balance)
    limit_requests(other, balance)
    for _ in range(50):
        limit_requests(one, replace(balance, requests_per_minute=None))


def test_plans_say_how_many() -> None:
    ensure_plans()
    workspace = make_actor().workspace_id
    assert get_balance(workspace).requests_per_minute == 60
    apply_plan(workspace, "pro")
    assert get_balance(workspace).requests_per_minute == 240
    apply_plan(workspace, "enterprise")
    assert get_balance(workspace).requests_per_minute is None


@pytest.fixture
def redis_away(settings: Any) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    get_redis.cache_clear()
    yield
    get_redis.cache_clear()


@pytest.mark.usefixtures("redis_away")
def test_without_redis_everything_passes() -> None:
    balance = replace(get_balance(make_actor().workspace_id), requests_per_minute=1)
    for _ in range(3):
        limit_requests(uuid4(), balance)
