"""Where exports lie, and the links that lead to them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

KEPT = timedelta(days=7)


def exports_folder() -> Path:
    """Below `VAR_DIR`; the web and worker processes share it."""
    folder = settings.VAR_DIR / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def file_of(export_id: UUID) -> Path:
    return exports_folder() / f"{export_id.hex}.zip"


def unfinished(path: Path) -> Path:
    """What a file is called while it is written."""
    return path.with_name(f"{path.name}.part")


def export_link(export_id: UUID) -> str:
    """The signed address of its file, without the host. It ends to work when the export expires."""
    return f"{reverse('download-export', args=[export_id])}?key={_signature(export_id)}"


def is_signed(export_id: UUID, key: str) -> bool:
    try:
        return _signer().unsign(f"{export_id}:{key}") == str(export_id)
    except BadSignature:
        return False


def _signature(export_id: UUID) -> str:
    return _signer().signature(str(export_id))


def _signer() -> Signer:
    return Signer(salt="accounts.exports")
