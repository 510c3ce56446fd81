"""The files that somebody has asked for."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from accounts.models import DataExport
from accounts.types import ExportState
from core.exceptions import NotFound

HISTORY = 5


def exports_of(user_id: UUID) -> list[DataExport]:
    """The latest first; at most one of them is unfinished."""
    return list(DataExport.objects.filter(user_id=user_id).order_by("-id")[:HISTORY])


def export_of(user_id: UUID, export_id: UUID) -> DataExport:
    """Raises `NotFound`, also for somebody else's."""
    found = DataExport.objects.filter(user_id=user_id, id=export_id).first()
    if found is None:
        raise NotFound
    return found


def ready_export(user_id: UUID, export_id: UUID) -> DataExport:
    """One whose file can be downloaded. Raises `NotFound`, whatever the reason."""
    found = export_of(user_id, export_id)
    if found.state != ExportState.READY or found.expires_at is None or found.expires_at <= timezone.now():
        raise NotFound("This export is over. Ask for a new one.")
    return found
