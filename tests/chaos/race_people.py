"""`python -m tests.chaos.race_people ROOM...`: for each ROOM somebody signed in, with so many tokens a month. Prints their sessions."""

from __future__ import annotations

import sys
import time

import django
import orjson

from bench.kit.people import make_person


def main() -> None:
    django.setup()
    from usage.services import set_allowance

    sessions = []
    for number, room in enumerate(sys.argv[1:]):
        person = make_person(f"race-{number}@example.org")
        later = int(time.time() * 1000) + 60_000  # than the plan that everybody begins with
        set_allowance(person["workspace"], plan_code="small", tokens_per_period=int(room), cost_per_period=None, version=later)
        sessions.append(person["session"])
    print(orjson.dumps(sessions).decode())


if __name__ == "__main__":
    main()
