"""People whose time of grace is over are erased: nothing that leads to them stays, and the ledger adds up as before."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.exports import file_of, unfinished
from accounts.models import DataExport, User, Workspace
from accounts.personal_data import erasures
from accounts.services.delete_people import delete_people
from accounts.services.end_sessions import end_sessions
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind

logger = logging.getLogger(__name__)

LONGEST_RUN_SECONDS = 45.0  # beat asks every minute


def erase_due_people(*, now: datetime | None = None) -> int:
    """One round; returns how many were erased. Who is not finished in this one goes on in the next. Any number of these may run at once."""
    now, end, erased = now or timezone.now(), time.monotonic() + LONGEST_RUN_SECONDS, 0
    for user_id in User.objects.filter(deletion_due_at__lte=now).order_by("deletion_due_at").values_list("pk", flat=True)[:1000]:
        if time.monotonic() > end:
            break
        erased += erase_person(user_id, now=now)
    return erased


def erase_person(user_id: UUID, *, now: datetime | None = None) -> bool:
    """Shut the person out, have every app erase what it holds, then the person; True when nothing is left.

    Compare-and-swap on the date: who has kept their account meanwhile is left alone. Killed at any moment it goes on in the next round.
    What stays: ledger rows, a workspace without a name, and events without details under an id that leads nowhere.
    """
    if not User.objects.filter(pk=user_id, deletion_due_at__lte=now or timezone.now()).update(is_active=False):
        return False
    end_sessions(user_id)
    workspace_id = Workspace.objects.filter(personal_of=user_id).values_list("pk", flat=True).first()
    if not all(erase(user_id, workspace_id) for erase in erasures()):
        return False
    exports = list(DataExport.objects.filter(user_id=user_id).values_list("pk", flat=True))
    _delete_files(exports)
    with transaction.atomic():
        record_security_event(SecurityEventKind.ACCOUNT_ERASED, subject_id=user_id)
        delete_people([user_id])
    _delete_files(exports)  # what a worker finished meanwhile; what it finishes from now on, it deletes itself
    logger.info("A person was erased", extra={"user_id": str(user_id)})
    return True


def _delete_files(export_ids: list[UUID]) -> None:
    for export_id in export_ids:
        for path in (file_of(export_id), unfinished(file_of(export_id))):
            path.unlink(missing_ok=True)
