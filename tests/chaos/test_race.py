"""Sends over HTTP from workspaces near their limits, while processes are killed: nobody above, nothing left held, nothing sent twice.

Each kill ends the process that writes answers, and others with it by chance. Who is not answered sends again with the same key, as a page.

`RACE_SENDS`, `RACE_WORKSPACES` and `RACE_KILLS` make it larger, `RACE_SECONDS` is what the sends are spread over (0: all at once), and
`RACE_SEED` repeats one; `docs/benchmarks.md` has runs.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import pytest

from providers.tests.fake_provider import Reply
from tests.chaos.conftest import House
from tests.chaos.test_chaos import eventually
from tests.page import Person
from tests.stack import ROOT

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]
SENDS = int(os.environ.get("RACE_SENDS", "60"))
WORKSPACES = int(os.environ.get("RACE_WORKSPACES", "6"))
KILLS = int(os.environ.get("RACE_KILLS", "1"))
SECONDS = float(os.environ.get("RACE_SECONDS", SENDS / 15))
OTHERS = ("web", "worker", "beat")
# About a second long, so that a kill finds some of them running.
QUESTION = "Go on [[long:40]] [[slow:30]]"
# Tokens/USD a month: one answer at a time and soon used up, one at a time, several at once. By tokens, by money, by both.
ROOMS = ("700/", "1500/", "12000/", "/0.003", "/0.02", "12000/0.01")
MODEL = "scripted:priced"

# Other tests of this house leave holds of their own behind, which end with their leases.
OURS = "(SELECT m.workspace_id FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id WHERE u.email LIKE 'race-%@example.org')"
ABOVE = f"""
SELECT count(*) FROM usage_period
WHERE (tokens_used + tokens_held > tokens_limit OR cost_used + cost_held > cost_limit) AND workspace_id IN {OURS}
"""
LIVE = f"""
SELECT h.key FROM usage_hold h JOIN conversations_generation g ON h.key = 'generation:' || g.id
WHERE h.state = 'held' AND h.lease_expires_at > now() AND g.state = 'running' AND h.workspace_id IN {OURS}
"""
UNENDED = f"SELECT count(*) FROM conversations_generation WHERE state IN ('queued', 'running') AND workspace_id IN {OURS}"
ASKED = f"SELECT count(*) FROM conversations_generation WHERE workspace_id IN {OURS}"
HOLDS = f"SELECT count(*) FROM usage_hold WHERE key LIKE 'generation:%' AND workspace_id IN {OURS}"
# Of answers: a title whose process was killed gives its hold back with the lease.
HELD = f"SELECT count(*) FROM usage_hold WHERE state = 'held' AND key LIKE 'generation:%' AND workspace_id IN {OURS}"
OVERDUE = f"""
SELECT count(*) FROM usage_hold WHERE state = 'held' AND lease_expires_at < now() - interval '60 seconds' AND workspace_id IN {OURS}
"""


class Books:
    """What the database says; `above` is how many workspaces were above their limit at the worst moment that was seen, `overdue`
    how many holds were older than their lease and two rounds of the janitor."""

    def __init__(self, house: House) -> None:
        self._database = house.stack.database()
        self._hit: set[str] = set()
        self.above = self.overdue = 0

    def count(self, statement: str) -> int:
        row = self._database.execute(statement).fetchone()
        assert row is not None
        return int(str(row[0]))

    def live(self) -> set[str]:
        """Holds of answers that run, without those whose process was killed before."""
        return {str(key) for (key,) in self._database.execute(LIVE).fetchall()} - self._hit

    def was_killed(self) -> int:
        """How many live holds the kill left behind."""
        hit = self.live()
        self._hit |= hit
        return len(hit)

    async def watch(self) -> None:
        while True:
            self.above, self.overdue = max(self.above, self.count(ABOVE)), max(self.overdue, self.count(OVERDUE))
            await asyncio.sleep(0.05)

    def close(self) -> None:
        self._database.close()


def _sessions(house: House) -> list[str]:
    command = [sys.executable, "-m", "tests.chaos.race_people", *map(_room, range(WORKSPACES))]
    done = subprocess.run(command, cwd=ROOT, env=house.stack.env, stdout=subprocess.PIPE, check=True)
    sessions: list[str] = json.loads(done.stdout.splitlines()[-1])
    return sessions


def _room(number: int) -> str:
    """Whose it is: the sends and the people take turns."""
    return ROOMS[number % WORKSPACES % len(ROOMS)]


async def _kill_and_start(house: House, books: Books, dice: random.Random, sending: asyncio.Future[Any]) -> tuple[int, list[str]] | None:
    """How many live holds were left behind, and who was killed. None when all has been sent before so many answers ran."""
    wanted = dice.randint(1, 3)
    victims = ["generations", *dice.sample(OTHERS, dice.randint(0, 2))]
    await eventually(lambda: len(books.live()) >= wanted or sending.done(), f"{wanted} answers to run")
    if len(books.live()) < wanted:
        return None
    for name in victims:
        house.stack.kill(name)
    hit = books.was_killed()
    for name in victims:
        await asyncio.to_thread(house.stack.start_process, name, wait=False)
    await asyncio.to_thread(house.stack.wait_ready, victims)
    return hit, victims


async def _send(person: Person) -> tuple[int, int]:
    """The status, and how often it had to be sent."""
    key, deadline = uuid4(), time.monotonic() + 90
    for tries in itertools.count(1):
        try:
            return (await person.ask(QUESTION, model=MODEL, key=key)).status, tries
        except (ConnectionError, TimeoutError):
            assert time.monotonic() < deadline, "nobody answers"
            await asyncio.sleep(0.2)
    raise AssertionError


async def test_sends_near_the_limit_while_workers_are_killed(house: House) -> None:
    seed = int(os.environ.get("RACE_SEED", "") or random.randrange(10**6))
    dice, ends, again = random.Random(seed), Counter[tuple[str, int]](), Counter[int]()
    house.provider.say(Reply(status=503))  # titles: they are tried, and cost nothing
    async with AsyncExitStack() as open_now:
        books = Books(house)
        open_now.callback(books.close)
        people = [
            await (await open_now.enter_async_context(Person(house.stack.url))).with_session(key)
            for key in await asyncio.to_thread(_sessions, house)
        ]
        watching = asyncio.create_task(books.watch())
        open_now.callback(watching.cancel)

        async def send(number: int) -> None:
            await asyncio.sleep(dice.random() * SECONDS)
            status, tries = await _send(people[number % WORKSPACES])
            ends[_room(number), status] += 1
            again[status] += tries - 1

        began = time.monotonic()
        sending = asyncio.gather(*map(send, range(SENDS)))
        kills = [hit for _ in range(KILLS) if (hit := await _kill_and_start(house, books, dice, sending))]
        await sending
        sent_in = time.monotonic() - began
        seconds = await eventually(lambda: books.count(UNENDED) + books.count(HELD) == 0, "every answer to end", 90)
        print(f"seed {seed}: {dict(ends)}, sent again {dict(again)}, kills {kills}, in {sent_in:.0f} s, all ended {seconds:.0f} s later")
        assert kills
        assert min(hit for hit, _ in kills) > 0, "every kill was meant to hit somebody's answer"
        answered = sum(count for (_, status), count in ends.items() if status == 200)
        assert books.count(ASKED) == books.count(HOLDS) == answered, "what was sent again was asked once, and held for once"
        assert (books.above, books.overdue, books.count(ABOVE)) == (0, 0, 0), f"seed {seed}"
    assert {status for _, status in ends} == {200, 402}
    assert {room for room, status in ends if status == 402} >= {"700/", "/0.003"}, "limits of both kinds were reached"
    assert ends.total() == SENDS
    house.books_are_right()
