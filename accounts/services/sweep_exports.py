"""What killed workers, full queues and time leave behind of exports."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from accounts.exports import exports_folder, file_of
from accounts.models import DataExport
from accounts.types import UNFINISHED_EXPORT, ExportState
from core.jobs import enqueue_on_commit

logger = logging.getLogger(__name__)

DEAD_AFTER = timedelta(seconds=30)  # it is heard of every second or so
ENQUEUE_AGAIN_AFTER = timedelta(seconds=20)
STRAY_SECONDS = 3600


def sweep_exports(*, now: datetime | None = None) -> int:
    """One round, by beat: silent exports are queued again, waiting ones handed over once more, old files deleted.

    Returns how many exports it moved. Safe to run anywhere at any time: every step is a compare-and-swap.
    """
    from accounts.tasks import run_export

    now = now or timezone.now()
    moved = DataExport.objects.filter(state=ExportState.RUNNING, heartbeat_at__lt=now - DEAD_AFTER).update(state=ExportState.QUEUED)
    for waiting in DataExport.objects.filter(state=ExportState.QUEUED, heartbeat_at__lt=now - ENQUEUE_AGAIN_AFTER).order_by("id")[:100]:
        same = DataExport.objects.filter(id=waiting.id, state=ExportState.QUEUED, heartbeat_at=waiting.heartbeat_at)
        if same.update(heartbeat_at=now):
            enqueue_on_commit(run_export, str(waiting.id))
            moved += 1
    for over in DataExport.objects.filter(state=ExportState.READY, expires_at__lte=now):
        file_of(over.id).unlink(missing_ok=True)
        moved += DataExport.objects.filter(id=over.id, state=ExportState.READY).update(state=ExportState.EXPIRED)
    strays = sum(_delete(path) for path in exports_folder().iterdir() if _stray(path))
    if strays:
        logger.warning("Files of exports that nobody can reach were deleted", extra={"count": strays})
    return moved


def _stray(path: Path) -> bool:
    """Old enough to be no race, and of no export that is being written or can be downloaded."""
    try:
        if time.time() - path.stat().st_mtime < STRAY_SECONDS:
            return False
        export_id = UUID(path.name.partition(".")[0])
    except OSError:
        return False
    except ValueError:
        return True
    return not DataExport.objects.filter(id=export_id, state__in=[*UNFINISHED_EXPORT, ExportState.READY]).exists()


def _delete(path: Path) -> bool:
    path.unlink(missing_ok=True)
    return True
