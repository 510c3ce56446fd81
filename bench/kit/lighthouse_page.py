"""Somebody signed in, with a conversation of some length to look at: `python -m bench.kit.lighthouse_page EMAIL`."""

from __future__ import annotations

import sys

import django
import orjson


def main() -> None:
    django.setup()
    from django.core.management import call_command

    from bench.kit.people import make_person
    from conversations.models import Conversation

    person = make_person(sys.argv[1])
    call_command("seed_demo", email=sys.argv[1], conversations=20, messages=20, stdout=sys.stderr)
    seen = Conversation.objects.filter(owner_id=person["user"], active_leaf__isnull=False).latest("last_activity_at")
    print(orjson.dumps({**person, "conversation": str(seen.pk)}).decode())


if __name__ == "__main__":
    main()
