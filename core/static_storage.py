"""Hashed, compressed static files, with the imports of our own ES modules rewritten to the hashed names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from core.stylesheets import TOGETHER, address, joined


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    # A file that is missing from the manifest is a missing style, not a page that fails.
    manifest_strict = False
    # Only below static/js/: packages ship modules whose bare imports are no files.
    patterns = (*HashedFilesMixin.patterns, ("js/*.js", HashedFilesMixin._js_module_import_aggregation_patterns[1]))  # type: ignore[attr-defined]

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """After collecting: join the style sheets that come together, then hash and compress everything."""
        if not dry_run:
            for name, sheets in TOGETHER.items():
                path = address(f"together-{name}")
                self.delete(path)
                self._save(path, ContentFile(joined(sheets, self._read).encode()))
                paths[path] = (self, path)
        yield from super().post_process(paths, dry_run, **options)

    def _read(self, path: str) -> str:
        with self.open(path) as file:
            return str(file.read().decode())
