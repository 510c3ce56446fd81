"""`python -m tests.chaos.race_people ROOM...`: for each ROOM somebody signed in, with so much a month. Prints their sessions.

A ROOM is `TOKENS/USD`, where nothing means no limit: `700/`, `/0.003`, `12000/0.01`. The model `scripted:priced` costs what a real one may.
"""

from __future__ import annotations

import sys
import time
from decimal import Decimal

import django
import orjson

from bench.kit.people import make_person


def main() -> None:
    django.setup()
    from usage.services import set_allowance

    _priced_model()
    sessions = []
    for number, room in enumerate(sys.argv[1:]):
        person = make_person(f"race-{number}@example.org")
        tokens, _, dollars = room.partition("/")
        set_allowance(
            person["workspace"],
            plan_code="small",
            tokens_per_period=int(tokens) if tokens else None,
            cost_per_period=Decimal(dollars) if dollars else None,
            version=int(time.time() * 1000) + 60_000,  # later than the plan that everybody begins with
        )
        sessions.append(person["session"])
    print(orjson.dumps(sessions).decode())


def _priced_model() -> None:
    from providers.models import AIModel
    from providers.services.set_price import set_price
    from providers.types import Prices

    facts = {"name": "Priced", "context_window": 32_000, "max_output": 1_000, "enabled": True, "sort": 930}
    row, _ = AIModel.objects.get_or_create(provider="scripted", model_id="priced", defaults=facts)
    set_price(row.id, Prices(input=Decimal(1), output=Decimal(5)))


if __name__ == "__main__":
    main()
