"""Whether database and static files are still prepared for this code and these settings, so that a warm start can skip that step."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from chatplatform.embedded.postgres import Postgres

_PASSED_OVER = {"var", "bench", "docs", "tests", "node_modules", "__pycache__", "embedded", "templates"}
_MIGRATIONS = "SELECT count(*) || ' ' || md5(string_agg(app || name, ',' ORDER BY id)) FROM django_migrations"
# What differs from start to start without a word to anybody, or between `bin/run` and `bin/manage`.
_WHERE = {"HOST", "PORT", "VAR_DIR", "VERBOSE", "BASE_URL", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"}


def fingerprint(root: Path, static: Path, postgres: Postgres, environment: Mapping[str, str]) -> str:
    """Changes with any file and any setting that preparing depends on, and with the tables of the database. Empty: prepare."""
    migrations = postgres.ask(_MIGRATIONS)
    if not migrations.strip() or migrations.startswith("0") or not static.is_dir():
        return ""
    digest = hashlib.sha256(f"{sys.version} {migrations} {static.stat().st_ino}\n".encode())
    for name in _settings(root):
        digest.update(f"{name} {environment.get(name)} {_content(environment.get(f'{name}_FILE'))!r}\n".encode())
    for path, about in sorted(_files(root)):
        digest.update(os.fsencode(f"{path} {about.st_size} {about.st_mtime_ns}\n"))
    return digest.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    with suppress(OSError):
        return bool(wanted) and stamp.read_text(encoding="ascii") == wanted
    return False


def _settings(root: Path) -> list[str]:
    """The variables that the product knows: those of `.env.example`."""
    with suppress(OSError):
        known = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (root / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
        return sorted(set(known) - _WHERE)
    return []


def _content(path: str | None) -> bytes | None:
    with suppress(OSError):
        return Path(path).read_bytes() if path else None
    return None


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Code, data and static files below the root; nothing hidden, no tests, no pages."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _PASSED_OVER or entry.name.endswith(".pyc"):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path))
            else:
                yield entry.path, entry.stat()
