"""A large upload goes straight to where its import reads it: one copy, none in memory beside what daphne holds of the request."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from core.ids import uuid7


class ArchiveUpload(FileUploadHandler):
    """Takes the one file of the field `archive` into the folder, as `<id>.part`; stops as soon as it is larger than the limit.

    Whoever uses the file takes `path` over (`taken`); otherwise `discard` deletes it.
    """

    def __init__(self, request: HttpRequest, folder: Path, limit: int) -> None:
        super().__init__(request)
        self.path: Path | None = None
        self.name = ""
        self.too_large = False
        self._folder = folder
        self._limit = limit
        self._size = 0
        self._file: IO[bytes] | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        if field_name != "archive" or self.path is not None:
            raise SkipFile
        self.name = file_name
        self.path = self._folder / f"{uuid7().hex}.part"
        self._file = self.path.open("wb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size > self._limit:
            self.too_large = True
            raise StopUpload(connection_reset=True)
        if self._file is not None:
            self._file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        if self._file is None:
            return None
        self._file.close()
        self._file = None
        return UploadedFile(name=self.name, size=file_size)

    def upload_interrupted(self) -> None:
        self.discard()

    def taken(self) -> Path | None:
        """The whole file; from now on its taker deletes it."""
        path, self.path = self.path, None
        return path

    def discard(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            self.path = None
