"""Everybody asks for every address of the product, with the owner's ids, in every way: a refusal shows nothing and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.backends import EmailBackend
from accounts.models import User
from tests.road.tenancy.asking import EACH_METHOD, USUAL, Ways, addresses_of, ask, ask_once, fields, made_up, says_the_word
from tests.road.tenancy.cast import Cast, turn_of
from tests.road.tenancy.possessions import Possessions
from tests.road.tenancy.routes import Policy
from tests.road.tenancy.walking import WRONG_WAY, forget_limits, leaked_on_own_pages, reached_of_others, refusals, walk
from tests.road.tenancy.watch import Watch, undone
from tests.road.tenancy.words import SOUGHT

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("road"),
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous"),  # exports, read by a plain client
]
# What a closed account may still ask for, wherever it is led from.
OPEN_TO_CLOSED = {"account-closed", "keep-open", "keep-account", "account_logout", "take-address-back", "stop-mails", "stop-mails-undo"}
BEFORE_SESSIONS = {"healthz", "readyz"}


# A stranger shares less with the owner than a mate, so what is tried as a mate in every way is tried as a stranger in the usual ones.
WHO = pytest.mark.parametrize(("who", "ways"), [("mate", EACH_METHOD), ("stranger", USUAL)], ids=["mate", "stranger"])


@WHO
def test_what_is_not_theirs_does_not_exist(who: str, ways: Ways, cast: Cast, possessions: Possessions) -> None:
    found = reached_of_others(getattr(cast, who), cast, possessions, ways)
    assert not found, "\n".join(found)


@WHO
def test_pages_of_ones_own_show_and_touch_nothing_of_others(who: str, ways: Ways, cast: Cast, possessions: Possessions) -> None:
    found = leaked_on_own_pages(getattr(cast, who), cast, possessions, ways)
    assert not found, "\n".join(found)


def test_who_acts_in_the_owners_workspace_finds_nothing_of_the_owner(
    cast: Cast, possessions: Possessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a team mate will when teams are there: what belongs to one person is theirs alone, whichever workspace it is in."""
    get_user, mate = EmailBackend.get_user, cast.mate.actor

    def in_the_owners(backend: EmailBackend, user_id: Any) -> User | None:
        user: Any = get_user(backend, user_id)
        if user is not None and mate is not None and user.pk == mate.user_id:
            user.actor_workspace_id = cast.actor().workspace_id
        return user  # type: ignore[no-any-return]

    monkeypatch.setattr(EmailBackend, "get_user", in_the_owners)
    User.objects.filter(pk=cast.actor().user_id).update(name="Known to mates")  # beside what each of them has used
    found = reached_of_others(cast.mate, cast, possessions)
    # The meter is the workspace's: whoever acts in it counts there.
    found += [line for line in leaked_on_own_pages(cast.mate, cast, possessions) if ": usage." not in line]
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


def test_the_owner_finds_what_others_search_for_in_vain(cast: Cast, possessions: Possessions) -> None:
    for sends in (fields(possessions), {"q": SOUGHT}):
        (answer,) = ask(cast.owner, reverse("search"), sends, USUAL[:1])
        assert says_the_word(answer), "otherwise the walk of others proves nothing"
        assert "<mark" in answer.words


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
