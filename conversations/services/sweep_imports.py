"""What killed workers and torn uploads left behind."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from conversations.models import ImportJob, ImportState
from conversations.models.transfer import UNFINISHED
from conversations.services.start_import import imports_folder
from core.jobs import enqueue_on_commit

logger = logging.getLogger(__name__)

DEAD_AFTER = timedelta(seconds=30)
ENQUEUE_AGAIN_AFTER = timedelta(seconds=15)
STALE_UPLOAD_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True)
class SweptImports:
    requeued: int = 0
    enqueued: int = 0
    deleted_files: int = 0


def sweep_imports(*, now: datetime | None = None) -> SweptImports:
    """One round, by beat. Imports that fell silent are queued again and go on where they stood; files that nobody needs are deleted.

    Safe to run anywhere at any time: every step is a compare-and-swap.
    """
    from conversations.tasks import run_import

    now = now or timezone.now()
    requeued = ImportJob.objects.filter(state=ImportState.RUNNING, heartbeat_at__lt=now - DEAD_AFTER).update(state=ImportState.QUEUED)
    waiting = ImportJob.objects.filter(state=ImportState.QUEUED, heartbeat_at__lt=now - ENQUEUE_AGAIN_AFTER).order_by("heartbeat_at")
    enqueued = 0
    for job in waiting[:100]:
        if ImportJob.objects.filter(id=job.id, state=ImportState.QUEUED, heartbeat_at=job.heartbeat_at).update(heartbeat_at=now):
            enqueue_on_commit(run_import, str(job.id))
            enqueued += 1
    deleted = sum(_delete(path) for path in imports_folder().iterdir() if _stale(path))
    if requeued or deleted:
        logger.warning("Imports were swept", extra={"requeued": requeued, "enqueued": enqueued, "deleted_files": deleted})
    return SweptImports(requeued, enqueued, deleted)


def _stale(path: Path) -> bool:
    """Old, and no unfinished job needs it: an upload that broke off, or a file whose deletion did not happen."""
    try:
        old = time.time() - path.stat().st_mtime > STALE_UPLOAD_SECONDS
    except OSError:
        return False
    return old and not ImportJob.objects.filter(state__in=UNFINISHED, path=f"{path.parent.name}/{path.name}").exists()


def _delete(path: Path) -> bool:
    path.unlink(missing_ok=True)
    return True
