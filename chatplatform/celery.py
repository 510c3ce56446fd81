"""The job processes: `generations` (answers), `worker` (everything else) and `beat`."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatplatform.settings")
# `prepare` has made Django's checks. Here they would import every page with all that pages need, in three processes that show none.
os.environ.setdefault("CELERY_SKIP_CHECKS", "true")

from celery import Celery, signals

from core.garbage import keep_what_is_loaded

app = Celery("chatplatform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def _keep_our_logging(**_: object) -> None:
    """Celery leaves logging as the settings made it (structured lines)."""


@signals.celeryd_after_setup.connect
def _warm_up(instance: Any = None, **_: object) -> None:
    """The process that writes answers pays for its slow imports before the first one."""
    if "generations" in instance.app.amqp.queues:
        from conversations.services.warm_up import warm_up

        warm_up()
    keep_what_is_loaded()


@signals.beat_init.connect
def _keep_what_is_loaded(**_: object) -> None:
    keep_what_is_loaded()


# Registers the signals by which job processes say that they live.
from chatplatform import heartbeats  # noqa: E402, F401
