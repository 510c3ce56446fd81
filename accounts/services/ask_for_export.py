"""Somebody wants to take everything along."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.exceptions import ExportRunning
from accounts.models import DataExport
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind
from core.exceptions import RateLimited
from core.jobs import enqueue_on_commit

A_DAY = 5


def ask_for_export(user_id: UUID, request: HttpRequest | None = None) -> DataExport:
    """Queue one; a worker writes it (`run_export`). In the trail from the start: whoever steals a session is seen.

    Raises `ExportRunning` while one is unfinished (a constraint has the last word) and `RateLimited` after five within a day.
    """
    from accounts.tasks import run_export

    if DataExport.objects.filter(user_id=user_id, created_at__gt=timezone.now() - timedelta(days=1)).count() >= A_DAY:
        raise RateLimited(f"That were {A_DAY} exports within a day. Please ask again tomorrow.", retry_after=3600)
    try:
        with transaction.atomic():
            export = DataExport.objects.create(user_id=user_id)
            record_security_event(SecurityEventKind.EXPORT_ASKED, subject_id=user_id, actor_id=user_id, request=request)
            enqueue_on_commit(run_export, str(export.id))
    except IntegrityError as error:
        raise ExportRunning from error
    return export
