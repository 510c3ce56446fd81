"""Who asks, and what the owner has: something of everything, each with the secret word in it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import DeviceSession, Membership, Role, User, Workspace, WorkspaceKind
from accounts.types import Actor
from conversations.types import Turn
from tests.road import house
from tests.road.tenancy.words import EMAIL, NAME, WORD

GRACE = timedelta(days=14)


@dataclass(slots=True)
class Person:
    """Somebody with a browser in which they have just proved who they are; `actor` is None for nobody."""

    actor: Actor | None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    cookies: Mapping[str, str] = field(default_factory=dict)

    def fresh(self, address: str) -> Client:
        """Their browser, signed in whatever the last answer did to it, at this network address."""
        self.client.cookies = SimpleCookie(self.cookies)
        self.client.defaults["REMOTE_ADDR"] = address
        return self.client


@dataclass(frozen=True, slots=True)
class Cast:
    owner: Person
    mate: Person
    stranger: Person
    closed: Person
    nobody: Person

    def actor(self) -> Actor:
        assert self.owner.actor is not None
        return self.owner.actor


def people() -> Cast:
    """The owner, a team mate of theirs (also in their personal workspace), a stranger, one whose account is closed, and nobody."""
    owner = person(EMAIL, NAME)
    mate, stranger, closed = (person(f"{name}@example.com", name.title()) for name in ("mate", "stranger", "closed"))
    User.objects.filter(pk=_id(closed)).update(deletion_due_at=timezone.now() + GRACE)
    team = Workspace.objects.create(name="A team", kind=WorkspaceKind.TEAM)
    assert owner.actor is not None
    Membership.objects.create(workspace=team, user_id=owner.actor.user_id, role=Role.OWNER)
    for workspace_id in (team.id, owner.actor.workspace_id):
        Membership.objects.create(workspace_id=workspace_id, user_id=_id(mate), role=Role.MEMBER)
    return Cast(owner, mate, stranger, closed, Person(None))


def person(email: str, name: str, **more: Any) -> Person:
    user = User.objects.create_user(email, name=name, **more)
    client = Client(raise_request_exception=False, headers={"User-Agent": f"{WORD} browser" if email == EMAIL else "A browser"})
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + 3600, "email": email}]
    session.save()
    cookies = {settings.SESSION_COOKIE_NAME: str(session.session_key)}
    return Person(Actor(user.id, user.personal_workspace.id), client, cookies)


def turn_of(person: Person, text: str) -> Turn:
    """A question with its answer."""
    return house.answer(text, actor=person.actor).turn


def session_key(person: Person) -> str:
    return str(DeviceSession.objects.get(user_id=_id(person)).session_key)


def _id(person: Person) -> UUID:
    assert person.actor is not None
    return person.actor.user_id
