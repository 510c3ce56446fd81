"""Every request knows who acts, and in which workspace; a membership that is gone counts at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.exceptions import NoWorkspace
from accounts.middleware import ActorMiddleware
from accounts.models import Membership, User
from accounts.selectors import actor_for, personal_workspace_id
from accounts.sessions import SessionStore
from accounts.types import Actor
from core.ids import uuid7

BACKENDS = ["accounts.backends.EmailBackend", "django.contrib.auth.backends.ModelBackend"]


def seen_by(view: Callable[[Any], object], user: Any) -> Any:
    """What a view finds, behind the middleware, when `user` sends the request."""
    seen: list[object] = []

    def respond(request: HttpRequest) -> HttpResponse:
        seen.append(view(request))
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = user
    ActorMiddleware(respond)(request)
    return seen[0]


def as_session_brings_them(user: User, backend: str) -> Any:
    client = Client()
    client.force_login(user, backend=backend)
    request = RequestFactory().get("/")
    request.session = SessionStore(client.session.session_key)
    return get_user(request)


def test_nobody_is_none_and_not_something_like_it() -> None:
    assert seen_by(lambda request: request.actor is None, AnonymousUser()) is True


def test_a_request_that_does_not_ask_costs_no_query(kim: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        seen_by(lambda request: None, kim)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_actor_is_the_person_in_their_own_workspace(kim: User, settings: Any, backend: str) -> None:
    settings.AUTHENTICATION_BACKENDS = [backend]
    actor = seen_by(lambda request: request.actor, as_session_brings_them(kim, backend))
    assert actor == Actor(user_id=kim.pk, workspace_id=kim.personal_workspace.pk)


@pytest.mark.parametrize(("backend", "queries"), zip(BACKENDS, [0, 1], strict=True))
def test_it_costs_one_query_at_most_however_often_it_is_asked(
    kim: User, settings: Any, django_assert_num_queries: Any, backend: str, queries: int
) -> None:
    settings.AUTHENTICATION_BACKENDS = [backend]
    user = as_session_brings_them(kim, backend)
    with django_assert_num_queries(queries):
        seen_by(lambda request: (request.actor, request.actor, request.actor), user)


@pytest.mark.parametrize("backend", BACKENDS)
def test_without_membership_there_is_no_actor(kim: User, settings: Any, backend: str) -> None:
    settings.AUTHENTICATION_BACKENDS = [backend]
    Membership.objects.all().delete()
    with pytest.raises(NoWorkspace):
        seen_by(lambda request: request.actor, as_session_brings_them(kim, backend))


def test_an_account_that_is_switched_off_is_nobody(kim: User, settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = BACKENDS[:1]
    User.objects.update(is_active=False)
    assert as_session_brings_them(kim, BACKENDS[0]) == AnonymousUser()


def test_a_membership_in_somebody_elses_workspace_is_not_ones_own(kim: User) -> None:
    noa = User.objects.create_user("noa@example.com")
    Membership.objects.filter(user=noa).delete()
    Membership.objects.create(user=noa, workspace=kim.personal_workspace)
    with pytest.raises(NoWorkspace):
        personal_workspace_id(noa.pk)


def test_who_does_not_exist_has_no_workspace(db: None) -> None:
    with pytest.raises(NoWorkspace):
        actor_for(uuid7())


@pytest.mark.parametrize(("chosen", "used"), [("Asia/Tokyo", "Asia/Tokyo"), ("", "UTC"), ("Mars/Olympus", "UTC")])
def test_times_are_told_in_the_persons_zone_and_only_for_them(kim: User, chosen: str, used: str) -> None:
    kim.time_zone = chosen
    zone = seen_by(lambda request: (request.actor, timezone.get_current_timezone())[1], kim)
    assert zone == ZoneInfo(used)
    assert timezone.get_current_timezone() == ZoneInfo("UTC")
