"""The Procfile: one line a process, run by a shell so that `${PORT:-8000}` means what it says."""

from __future__ import annotations

import re
from pathlib import Path

from chatplatform.embedded.errors import StartError

_LINE = re.compile(r"(?P<name>[A-Za-z0-9_-]+):\s*(?P<command>\S.*)")


def read_procfile(path: Path) -> dict[str, str]:
    """Name -> command line, in the order of the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise StartError(f"{path}: cannot be read: {error}") from error
    processes: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if not match or match["name"] in processes:
            raise StartError(f"{path}, line {number}: expected `name: command`, each name once")
        processes[match["name"]] = match["command"]
    return processes


def shell_words(command: str) -> tuple[str, ...]:
    """The command as an argument list; the shell replaces itself, so that signals reach the process."""
    return ("/bin/sh", "-c", f"exec {command}")
