"""Mails kept as files, one file for each connection; for products that are being tried out and have no mail server."""

from __future__ import annotations

from pathlib import Path

from django.core.mail.backends import filebased

from core.ids import uuid7


class EmailBackend(filebased.EmailBackend):
    """Django's, with names that are never the same: its own are made of the second and an address in memory, which is soon given to
    another connection, and mails of two people then stand in one file, which is erased with either."""

    _fname: str | None

    def _get_filename(self) -> str:
        if self._fname is None:
            self._fname = str(Path(self.file_path) / f"{uuid7()}.log")
        return self._fname
