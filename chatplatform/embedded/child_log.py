"""What a child prints: all of it into its file, warnings and errors to the terminal too."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from chatplatform.embedded.console import Console

LIMIT_BYTES = 20_000_000
_LONGEST_LINE = 64_000
_SHOWN_CHARACTERS = 400
_EXPECTED = {"Service Unavailable: /readyz"}  # our own question, while the processes start
_LOUD_LEVELS = {"warning", "error", "critical"}


class ChildLog:
    """`<name>.log`, its predecessor as `<name>.log.1`; begins anew at each start and whenever it has grown too large."""

    def __init__(self, folder: Path, name: str, alarm: re.Pattern[str], console: Console) -> None:
        self.path = folder / f"{name}.log"
        self.quiet = False
        self._name = name
        self._alarm = alarm
        self._console = console
        self._rest = b""
        self._begin()

    def feed(self, data: bytes) -> None:
        """Take the next piece of output."""
        self._size += len(data)
        os.write(self._file, data)
        if self._size > LIMIT_BYTES:
            os.close(self._file)
            self._begin()
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            self._show(line.decode("utf-8", "replace").rstrip())

    def close(self) -> None:
        os.close(self._file)

    def last_words(self) -> str:
        """Why it ended, as far as it said: its last line that names an error, else its last line."""
        lines = [line.strip() for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        named = [text for line in lines if (text := noteworthy(line, self._alarm)) and not text.startswith("Traceback")]
        return (named or lines or ["it says nothing"])[-1]

    def _begin(self) -> None:
        if self.path.exists() and self.path.stat().st_size:
            self.path.replace(self.path.with_suffix(".log.1"))
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._size = 0

    def _show(self, line: str) -> None:
        text = line if self._console.verbose else noteworthy(line, self._alarm)
        if text and not self.quiet:
            self._console.child(self._name, text[:_SHOWN_CHARACTERS])


def noteworthy(line: str, alarm: re.Pattern[str]) -> str:
    """What a person should read of this line; empty for the ordinary ones."""
    if not line.startswith("{"):
        return line if alarm.search(line) else ""
    try:
        record = json.loads(line)
    except ValueError:
        return line if alarm.search(line) else ""
    message = " ".join(str(record.get("message", "")).split())
    if record.get("level") not in _LOUD_LEVELS or message in _EXPECTED:
        return ""
    cause = str(record.get("error") or "").strip().rpartition("\n")[2]
    return f"{record['level']}: {message}" + (f" ({cause})" if cause else "")
