"""Somebody brings an archive, and the product's own worker imports it: `python -m bench.kit.bring FILE EMAIL`."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import django
import orjson

from bench.kit.people import make_person

_MOST_SECONDS = 1800


def main() -> None:
    django.setup()
    from django.db.models import Max
    from django.utils import timezone

    from accounts.models import User
    from accounts.selectors.actor import actor_for
    from conversations.models import ImportJob
    from conversations.models.transfer import UNFINISHED
    from conversations.services.start_import import imports_folder, start_import
    from core.ids import uuid7

    person = make_person(sys.argv[2])
    upload = imports_folder() / f"{uuid7().hex}.part"
    shutil.copyfile(sys.argv[1], upload)
    began = timezone.now()
    job = start_import(actor_for(User.objects.get(id=person["user"]).pk), upload, Path(sys.argv[1]).name)
    ends, counted = time.monotonic() + _MOST_SECONDS, None
    while job.state in UNFINISHED and time.monotonic() < ends:
        time.sleep(0.1)
        job.refresh_from_db()
        if counted is None and job.total is not None:
            counted = timezone.now()
    seconds = ((job.finished_at or timezone.now()) - began).total_seconds()
    print(
        orjson.dumps(
            {
                **person,
                "state": job.state,
                "conversations": job.imported_conversations,
                "messages": job.imported_messages,
                "seconds": round(seconds, 2),
                "seconds_to_count": round(((counted or began) - began).total_seconds(), 2),
                "attempts": ImportJob.objects.filter(id=job.id).aggregate(most=Max("attempts"))["most"],
            }
        ).decode()
    )


if __name__ == "__main__":
    main()
