"""Static files that come inside Python packages which are no Django apps: found where the package is installed, never imported."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# Address below /static/: the package and the file in it.
ASSETS = {"mermaid/mermaid.js": ("mermaidx", "assets/mermaid.js")}


class PackageAssetsFinder(BaseFinder):
    """One file each: what else a package has (fonts, code of its own) is not served."""

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        found = _place(path)
        if find_all:
            return [str(found)] if found else []
        return str(found) if found else []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for address in ASSETS:
            found = _place(address)
            if found:
                storage = FileSystemStorage(location=found.parent)
                storage.prefix = str(Path(address).parent)  # type: ignore[attr-defined]
                yield found.name, storage


def _place(address: str) -> Path | None:
    package, inside = ASSETS.get(address, ("", ""))
    spec = find_spec(package) if package else None
    for folder in (spec and spec.submodule_search_locations) or ():
        if (Path(folder) / inside).is_file():
            return Path(folder) / inside
    return None
