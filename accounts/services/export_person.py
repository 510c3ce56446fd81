"""Everything that is kept of one person, as one ZIP file."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import IO
from uuid import UUID

from accounts.personal_data import exports
from accounts.selectors.actor import actor_for
from accounts.services.record_security_event import record_security_event
from accounts.types import ExportFile, SecurityEventKind


def export_person(user_id: UUID, out: Path, *, by: str) -> int:
    """Write what every app registered; returns how many files are in it. `by` says in the person's trail who took it along.

    Only this system user may read the file. It appears when it is whole: one that broke off leaves nothing. Memory stays flat
    however much it is, and no transaction stays open. Raises `NoWorkspace`, and `OSError` when it cannot be written.
    """
    actor = actor_for(user_id)
    unfinished = out.with_name(f"{out.name}.part")
    try:
        with _private(unfinished) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for export in exports():
                for item in export(actor):
                    _add(archive, item)
            count = len(archive.filelist)
        record_security_event(SecurityEventKind.DATA_EXPORTED, subject_id=user_id, details={"by": by})
        unfinished.rename(out)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb")


def _add(archive: zipfile.ZipFile, item: ExportFile) -> None:
    with archive.open(zipfile.ZipInfo(item.path, _NO_DATE), "w", force_zip64=True) as file:
        for piece in item.pieces:
            file.write(piece)


_NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows
