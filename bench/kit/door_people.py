"""Somebody with a password, to sign in: `python -m bench.kit.door_people PASSWORD`."""

from __future__ import annotations

import sys

import django
import orjson


def main() -> None:
    django.setup()
    from accounts.models import User

    user = User.objects.create_user("bystander@example.org", sys.argv[1])
    print(orjson.dumps({"email": user.email}).decode())


if __name__ == "__main__":
    main()
