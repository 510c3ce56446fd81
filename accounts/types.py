"""Values that other apps may hold."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and in which workspace. First argument of every selector and service of the product apps."""

    user_id: UUID
    workspace_id: UUID


@dataclass(frozen=True, slots=True)
class ChatPreferences:
    """How somebody chats. `default_model_key` is empty for "the model that I used last"."""

    send_with_modifier: bool
    shortcuts: bool
    custom_instructions: str
    default_model_key: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be written to."""

    id: UUID
    email: str
    name: str


class ActorRequest(HttpRequest):
    """A request of somebody who is signed in, as a view behind `login_required` may annotate it."""

    actor: Actor
