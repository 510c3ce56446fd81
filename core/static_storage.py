"""Hashed, compressed static files; style sheets and modules that come together joined, imports rewritten to the hashed names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from core import modules, stylesheets
from core.scripts import without_comments


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    # A file that is missing from the manifest is a missing style, not a page that fails.
    manifest_strict = False
    # Only below static/js/: packages ship modules whose bare imports are no files.
    patterns = (*HashedFilesMixin.patterns, ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1]))  # type: ignore[attr-defined]

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """After collecting: thin our scripts, join what comes together, then hash and compress everything."""
        if not dry_run:
            for path in [path for path in paths if path.startswith("js/") and path.endswith(".js")]:
                self._thin(path)
                paths[path] = (self, path)
            for name, sheets in stylesheets.TOGETHER.items():
                path = stylesheets.address(f"together-{name}")
                self._write(path, stylesheets.joined(sheets, self._read))
                paths[path] = (self, path)
            path = modules.joined_address()
            self._write(path, modules.joined(lambda name: self._read(modules.address(name))))
            paths[path] = (self, path)
        yield from super().post_process(paths, dry_run, **options)

    def create_compressor(self, **options: Any) -> Compressor:
        return _OnceCompressor(**options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Only what pages name. Compressing well is nine tenths of the work of a start, and nobody asks for the plain names."""
        hashed = set(self.hashed_files.values())
        yield from super().compress_files([path for path in paths if path in hashed])

    def _thin(self, path: str) -> None:
        text = self._read(path)
        thin = without_comments(text)
        if thin != text:
            self._write(path, thin)

    def _write(self, path: str, text: str) -> None:
        self.delete(path)
        self._save(path, ContentFile(text.encode()))

    def _read(self, path: str) -> str:
        with self.open(path) as file:
            return str(file.read().decode())


class _OnceCompressor(Compressor):  # type: ignore[misc]
    """Leaves alone what an earlier start compressed: a hashed name has its content in it."""

    def compress(self, path: str) -> list[str]:
        there = [f"{path}.br", f"{path}.gz"]
        return there if all(map(os.path.exists, there)) else super().compress(path)

    def write_data(self, path: str, data: bytes, suffix: str, stat_result: os.stat_result) -> str:
        """Whole or not at all: half a file of a start that was killed would be served for ever."""
        unfinished = Path(f"{path}{suffix}.{os.getpid()}")
        unfinished.write_bytes(data)
        return str(unfinished.rename(f"{path}{suffix}"))
