"""The walk through every address that a policy stands for, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from core.redis import get_redis
from tests.road.tenancy.asking import EACH_METHOD, USUAL, Answer, Ways, addresses_of, ask, fields, says_the_word
from tests.road.tenancy.cast import Cast, Person
from tests.road.tenancy.possessions import Possessions
from tests.road.tenancy.routes import ROUTES, Address, Policy, Route, every_address
from tests.road.tenancy.watch import Watch, fingerprint, fingerprint_of, undone
from tests.road.tenancy.words import SOUGHT

WRONG_WAY = 405
Allowed = Callable[[Answer], bool]


def walk(*policies: Policy) -> Iterator[tuple[Address, Route]]:
    seen = set()
    for address in every_address():
        route = ROUTES.get(address.name)
        if route and route.policy in policies and address.name not in seen:
            seen.add(address.name)
            yield address, route


def refusals(person: Person, paths: list[str], sends: dict[str, Any], allowed: Allowed, ways: Ways = EACH_METHOD) -> list[str]:
    """What was not refused, or said the secret word. The first address in every way, those of other states in the usual two."""
    found: list[str] = []
    forget_limits()
    for number, path in enumerate(paths):
        for answer in ask(person, path, sends, USUAL if number else ways):
            if not allowed(answer):
                found.append(f"{answer.how}: {answer.status} {answer.leads_to}")
            if says_the_word(answer):
                found.append(f"{answer.how}: says the secret word")
    return found


def forget_limits() -> None:
    for key in get_redis().scan_iter("rate:*"):
        get_redis().delete(key)


def reached_of_others(person: Person, cast: Cast, possessions: Possessions, ways: Ways = EACH_METHOD) -> list[str]:
    """Everything of the owner's by its address: what was there for this person, said the secret word or changed."""
    sends, watch, found = fields(possessions), Watch(), []
    for address, route in walk(Policy.OWNED):
        allowed = (404, WRONG_WAY, *route.refused)
        paths = addresses_of(address, cast, possessions)
        found += refusals(person, paths, sends, lambda answer, allowed=allowed: answer.status in allowed, ways)  # type: ignore[misc]
        found += [f"{address.name}: {line}" for line in watch.changed()]
    return found


def leaked_on_own_pages(person: Person, cast: Cast, possessions: Possessions, ways: Ways = EACH_METHOD) -> list[str]:
    """A person's own pages and deeds, with the owner's ids in every form field: what of the owner's they say or touch."""
    found, everything, before, sends = [], fingerprint(), fingerprint_of(cast.actor()), fields(possessions)
    for address, route in walk(Policy.SIGNED_IN, Policy.OPEN):
        forget_limits()
        with undone():
            (path,) = addresses_of(address, cast, possessions)
            # And without ids, which narrow a search.
            for answer in (*ask(person, path, sends, ways), *ask(person, path, {"q": SOUGHT}, USUAL[:1])):
                if answer.status >= 500 and answer.status not in route.also:
                    found.append(f"{answer.how}: {answer.status}")
                if says_the_word(answer):
                    found.append(f"{answer.how}: says the secret word")
            if fingerprint() != everything and (after := fingerprint_of(cast.actor())) != before:
                found += [f"{address.name}: {label} of the owner changed" for label in before if before[label] != after[label]]
    return found
