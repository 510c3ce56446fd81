"""One small file of a form, in memory, and never more of it than its limit."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest


class PictureUpload(FileUploadHandler):
    """Takes the one file of the field `picture`; stops reading the request, and forgets what it has, as soon as that is too large."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self.data: bytearray | None = None
        self.too_large = False
        self._limit = limit

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name != "picture" or self.data is not None:
            raise SkipFile
        self.data = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.data is None:
            return
        if len(self.data) + len(raw_data) > self._limit:
            self.too_large, self.data = True, None
            raise StopUpload(connection_reset=True)
        self.data += raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing for `request.FILES`: whoever asked for the upload has its data."""
