"""Jobs are handed over only after the transaction that asks for them has committed."""

from __future__ import annotations

import logging
from typing import Any

from celery import Task
from django.db import transaction

logger = logging.getLogger(__name__)


def enqueue_on_commit(task: Task[Any, Any], *args: object, **options: Any) -> None:
    """Enqueue `task(*args)` once the current transaction is committed (at once outside of one).

    A broker that is down does not fail the request: what the transaction wrote is the truth, and the sweeper
    of the app that owns the task enqueues again what stayed behind. The failure is logged.
    """

    def enqueue() -> None:
        try:
            task.apply_async(args=args, **options)
        except Exception as error:
            logger.warning("The job queue did not take a job; it will be enqueued again", extra={"task": task.name, "cause": repr(error)})

    transaction.on_commit(enqueue)


def not_stopping() -> bool:
    """Whether this worker has not been asked to end (Celery sets an exit status, which may be 0)."""
    from celery.worker import state

    asked: tuple[int | None, ...] = (state.should_stop, state.should_terminate)
    return all(status is None or status is False for status in asked)
