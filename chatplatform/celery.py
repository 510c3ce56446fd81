"""The job processes: `generations` (answers), `worker` (everything else) and `beat`."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatplatform.settings")

from celery import Celery, signals  # noqa: E402

app = Celery("chatplatform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def _keep_our_logging(**_: object) -> None:
    """Celery leaves logging as the settings made it (structured lines)."""


# Registers the signals by which job processes say that they live.
from chatplatform import heartbeats  # noqa: E402, F401
