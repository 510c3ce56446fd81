"""Write one export, with its progress for whoever waits."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.exports import KEPT, file_of
from accounts.models import DataExport
from accounts.personal_data import export_steps
from accounts.selectors.actor import actor_for
from accounts.services.export_person import export_person
from accounts.services.record_security_event import record_security_event
from accounts.types import ExportState, SecurityEventKind

logger = logging.getLogger(__name__)

AT_ONCE = 2  # a worker has four threads, and the sweepers need theirs
MOST_ATTEMPTS = 5
BEAT_SECONDS = 1.0


class _Ended(Exception):
    """This process is to stop, or another has taken the export over, or its person is being erased."""


def run_export(export_id: UUID, keep_going: Callable[[], bool] = lambda: True) -> None:
    """Write the file of a queued export. One winner by compare-and-swap; a second call changes nothing.

    Killed at any moment it is found by `sweep_exports` and begun anew. When `keep_going` says no it hands itself back. Ends `ready`
    (the trail and by it a mail say so) or, after the last attempt, `failed`.
    """
    export = _claim(export_id)
    if export is None:
        return
    if export.attempts > MOST_ATTEMPTS:
        _give_up(export)
        return
    pulse = _Pulse(export, keep_going)
    try:
        pulse.begin(export_steps(actor_for(export.user_id)))
        export_person(export.user_id, file_of(export.id), advance=pulse.advance, alive=pulse.alive)
        _finish(export)
    except _Ended:
        _mine(export).update(state=ExportState.QUEUED, heartbeat_at=timezone.now(), attempts=F("attempts") - 1)
    except Exception:
        # A full disk may be emptied meanwhile: the sweep hands it over again, and the last attempt says that it failed.
        logger.exception("An export could not be written", extra={"export": str(export.id), "attempts": export.attempts})
        _mine(export).update(state=ExportState.QUEUED, heartbeat_at=timezone.now())


class _Pulse:
    """Says every second how far the export is, and hears whether it is to end."""

    def __init__(self, export: DataExport, keep_going: Callable[[], bool]) -> None:
        self._export, self._keep_going = export, keep_going
        self._done = self._total = 0
        self._next = 0.0

    def begin(self, total: int) -> None:
        self._total = total
        self._beat()

    def advance(self) -> None:
        self._done += 1
        self.alive()

    def alive(self) -> None:
        """Cheap enough for every piece."""
        if time.monotonic() >= self._next:
            self._beat()

    def _beat(self) -> None:
        """Raises `_Ended`."""
        self._next = time.monotonic() + BEAT_SECONDS
        # What is said while it is written makes more steps than were counted.
        total = max(self._total, self._done)
        told = _mine(self._export).update(done=self._done, total=total, heartbeat_at=timezone.now())
        if not told or not self._keep_going():
            raise _Ended


def _claim(export_id: UUID) -> DataExport | None:
    if DataExport.objects.filter(state=ExportState.RUNNING).count() >= AT_ONCE:
        return None  # the sweep asks again
    won = DataExport.objects.filter(id=export_id, state=ExportState.QUEUED).update(
        state=ExportState.RUNNING, heartbeat_at=timezone.now(), attempts=F("attempts") + 1, done=0
    )
    return DataExport.objects.get(id=export_id) if won else None


def _mine(export: DataExport) -> QuerySet[DataExport]:
    return DataExport.objects.filter(id=export.id, state=ExportState.RUNNING, attempts=export.attempts)


def _finish(export: DataExport) -> None:
    """The file is there before the row says so. Where the row is gone, for its person was erased meanwhile, the file goes at once."""
    size, expires_at = file_of(export.id).stat().st_size, timezone.now() + KEPT
    with transaction.atomic():
        if _mine(export).update(state=ExportState.READY, size_bytes=size, expires_at=expires_at, done=F("total")):
            details = {"export": str(export.id), "expires_at": expires_at.isoformat()}
            record_security_event(SecurityEventKind.EXPORT_READY, subject_id=export.user_id, details=details)
            return
    if not DataExport.objects.filter(id=export.id).exists():
        file_of(export.id).unlink(missing_ok=True)


def _give_up(export: DataExport) -> None:
    logger.error("An export was given up", extra={"export": str(export.id), "attempts": export.attempts})
    with transaction.atomic():
        if _mine(export).update(state=ExportState.FAILED):
            record_security_event(SecurityEventKind.EXPORT_FAILED, subject_id=export.user_id)
