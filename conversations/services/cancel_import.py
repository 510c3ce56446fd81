"""Stop an import; what it has brought stays."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from accounts.types import Actor
from conversations.models import ImportState
from conversations.models.transfer import UNFINISHED
from conversations.selectors.imports import get_import
from conversations.services.start_import import file_of


def cancel_import(actor: Actor, job_id: UUID) -> bool:
    """End it by compare-and-swap and delete its file; False when it was over already. The worker notices with its next batch.

    Raises `ImportNotFound`.
    """
    job = get_import(actor, job_id)
    path = file_of(job)
    won = type(job).objects.filter(id=job.id, state__in=UNFINISHED).update(state=ImportState.CANCELLED, finished_at=timezone.now(), path="")
    if won and path:
        path.unlink(missing_ok=True)
    return bool(won)
