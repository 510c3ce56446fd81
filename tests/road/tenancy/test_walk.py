"""Everybody asks for every address of the product, with the owner's ids, in every way: a refusal shows nothing and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse

from core.redis import get_redis
from tests.road.tenancy.asking import (
    EACH_METHOD,
    EVERY_WAY,
    USUAL,
    Answer,
    Ways,
    addresses_of,
    ask,
    ask_once,
    fields,
    made_up,
    says_the_word,
)
from tests.road.tenancy.cast import Cast, Person, turn_of
from tests.road.tenancy.possessions import Possessions
from tests.road.tenancy.routes import ROUTES, Address, Policy, Route, every_address
from tests.road.tenancy.watch import Watch, fingerprint, fingerprint_of, undone

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("road"),
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous"),  # exports, read by a plain client
]
WRONG_WAY = 405
# What a closed account may still ask for, wherever it is led from.
OPEN_TO_CLOSED = {"account-closed", "keep-open", "keep-account", "account_logout", "take-address-back", "stop-mails", "stop-mails-undo"}
BEFORE_SESSIONS = {"healthz", "readyz"}
Allowed = Callable[[Answer], bool]


def walk(*policies: Policy) -> Iterator[tuple[Address, Route]]:
    seen = set()
    for address in every_address():
        route = ROUTES.get(address.name)
        if route and route.policy in policies and address.name not in seen:
            seen.add(address.name)
            yield address, route


def refusals(person: Person, paths: list[str], sends: dict[str, Any], allowed: Allowed, ways: Ways = EVERY_WAY) -> list[str]:
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


@pytest.mark.parametrize("who", ["mate", "stranger"])
def test_what_is_not_theirs_does_not_exist(who: str, cast: Cast, possessions: Possessions) -> None:
    person: Person = getattr(cast, who)
    sends, watch, found = fields(possessions), Watch(), []
    for address, route in walk(Policy.OWNED):
        allowed = (404, WRONG_WAY, *route.refused)
        paths = addresses_of(address, cast, possessions)
        found += refusals(person, paths, sends, lambda answer, allowed=allowed: answer.status in allowed)  # type: ignore[misc]
        found += [f"{address.name}: {line}" for line in watch.changed()]
    assert not found, "\n".join(found)


def test_a_message_of_others_is_not_reached_through_a_conversation_of_ones_own(cast: Cast, possessions: Possessions) -> None:
    mine, theirs, sends = turn_of(cast.stranger, "mine"), possessions.ended, fields(possessions)
    watch, found = Watch(), []
    for address, _ in walk(Policy.OWNED):
        if "message_id" in address.arguments:
            crossed = ((mine.conversation_id, theirs.assistant_message_id), (theirs.conversation_id, mine.assistant_message_id))
            paths = [reverse(address.name, kwargs={"conversation_id": here, "message_id": there}) for here, there in crossed]
            for path in paths:
                found += refusals(cast.stranger, [path], sends, lambda answer: answer.status in (404, WRONG_WAY), USUAL)
    into = reverse("conversations:detail", args=[mine.conversation_id])
    found += refusals(cast.stranger, [into], sends, lambda answer: answer.status == 404, USUAL[1:])
    found += watch.changed()
    assert not found, "\n".join(found)


def test_nobody_is_led_to_the_sign_in_page(cast: Cast, possessions: Possessions) -> None:
    sign_in, sends, watch, found = reverse("account_login"), fields(possessions), Watch(), []
    for address, _ in walk(Policy.OWNED, Policy.SIGNED_IN):
        paths = addresses_of(address, cast, possessions)
        found += refusals(
            cast.nobody,
            paths,
            sends,
            lambda answer: answer.status == WRONG_WAY or (answer.status in (302, 401) and answer.leads_to.startswith(sign_in)),
        )
        found += [f"{address.name}: {line}" for line in watch.changed()]
    assert not found, "\n".join(found)


def test_a_closed_account_is_led_to_one_page_from_everywhere(cast: Cast, possessions: Possessions) -> None:
    closed, sends, watch, found = reverse("account-closed"), fields(possessions), Watch(), []
    for address, _ in walk(*Policy):
        if address.name not in OPEN_TO_CLOSED | BEFORE_SESSIONS:
            path = addresses_of(address, cast, possessions)[:1]
            found += refusals(
                cast.closed, path, sends, lambda answer: answer.status in (302, 204) and answer.leads_to == closed, EACH_METHOD
            )
            found += [f"{address.name}: {line}" for line in watch.changed()]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("who", ["mate", "stranger"])
def test_pages_of_ones_own_show_and_touch_nothing_of_others(who: str, cast: Cast, possessions: Possessions) -> None:
    """With the owner's ids in every form field."""
    person: Person = getattr(cast, who)
    found, everything, before, sends = [], fingerprint(), fingerprint_of(cast.actor()), fields(possessions)
    for address, route in walk(Policy.SIGNED_IN, Policy.OPEN):
        forget_limits()
        with undone():
            (path,) = addresses_of(address, cast, possessions)
            for answer in ask(person, path, sends):
                if answer.status >= 500 and answer.status not in route.also:
                    found.append(f"{answer.how}: {answer.status}")
                if says_the_word(answer):
                    found.append(f"{answer.how}: says the secret word")
            if fingerprint() != everything and (after := fingerprint_of(cast.actor())) != before:
                found += [f"{address.name}: {label} of the owner changed" for label in before if before[label] != after[label]]
    assert not found, "\n".join(found)


def test_a_signed_address_that_nobody_made_leads_nowhere(cast: Cast, possessions: Possessions) -> None:
    watch, found = Watch(), []
    for address, route in walk(Policy.SIGNED):
        path = made_up(address, cast, possessions)
        forget_limits()
        for person in (cast.stranger, cast.nobody, cast.owner):
            for answer in ask(person, path, {}):
                sign_in = answer.status in (302, 401) and answer.leads_to.startswith(reverse("account_login"))
                if not (answer.status in (*route.made_up, WRONG_WAY) or sign_in):
                    found.append(f"{answer.how}: {answer.status} {answer.leads_to}")
                if person is not cast.owner and says_the_word(answer):
                    found.append(f"{answer.how}: says the secret word")
        found += [f"{address.name}: {line}" for line in watch.changed()]
    assert not found, "\n".join(found)


def test_the_owner_gets_through(cast: Cast, possessions: Possessions) -> None:
    found = []
    above = str(possessions.ended.assistant_message_id)
    for address, route in walk(Policy.OWNED, Policy.SIGNED_IN, Policy.SIGNED, Policy.OPEN):
        path = addresses_of(address, cast, possessions)[0]
        forget_limits()
        for method, extra in EACH_METHOD[:5]:
            with undone():
                answer = ask_once(cast.owner, method, path, {"text": "hello", "title": "mine", "name": "mine", "before": above}, extra)
            if answer.status not in route.also and (answer.status in (403, 404) or answer.status >= 500):
                found.append(f"{answer.how}: {answer.status}")
    assert not found, "\n".join(found)
