"""People with conversations and open sessions, made directly in the database: `python -m bench.kit.people COUNT`."""

from __future__ import annotations

import sys
from typing import Any

import django
import orjson


def main() -> None:
    django.setup()
    print(orjson.dumps([make_person(f"bench-{number}@example.org") for number in range(int(sys.argv[1]))]).decode())


def make_person(email: str) -> dict[str, Any]:
    """A person without a limit, signed in, with one empty conversation. The same address again gives the same person."""
    from accounts.models import User
    from accounts.selectors.actor import actor_for
    from conversations.models import Conversation
    from usage.services import apply_plan

    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    actor = actor_for(user.pk)
    apply_plan(actor.workspace_id, "enterprise")
    conversation = Conversation.objects.create(workspace_id=actor.workspace_id, owner=user)
    return {"user": str(user.pk), "workspace": str(actor.workspace_id), "conversation": str(conversation.pk), "session": sign_in(user)}


def sign_in(user: Any) -> str:
    """The key of a new session of this person."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from accounts.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main()
