"""Everything that is kept of one person, as one ZIP file."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import IO
from uuid import UUID

from accounts.exports import unfinished
from accounts.personal_data import exports
from accounts.selectors.actor import actor_for
from accounts.types import Advance, ExportFile


def export_person(user_id: UUID, out: Path, *, advance: Advance = lambda: None, alive: Advance = lambda: None) -> int:
    """Write what every app registered; returns how many files are in it.

    `advance` is called after each of `export_steps()`, `alive` after each piece that is written; what they raise ends it. Only this system
    user may read the file. It appears when it is whole: one that broke off leaves nothing. Memory stays flat however much it is, and no
    transaction stays open. Raises `NoWorkspace`, and `OSError` when it cannot be written.
    """
    actor = actor_for(user_id)
    part = unfinished(out)
    try:
        with _private(part) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for export in exports():
                for item in export(actor, advance):
                    _add(archive, item, alive)
            count = len(archive.filelist)
        part.rename(out)
    finally:
        part.unlink(missing_ok=True)
    return count


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb")


def _add(archive: zipfile.ZipFile, item: ExportFile, alive: Advance) -> None:
    with archive.open(zipfile.ZipInfo(item.path, _NO_DATE), "w", force_zip64=True) as file:
        for piece in item.pieces:
            file.write(piece)
            alive()


_NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows
