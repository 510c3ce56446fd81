"""What a supervised process is."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Plain lines (no JSON) that deserve the terminal.
ALARM = re.compile(r"\b(critical|fatal|error|exception|traceback)\b|Error:|Exception:", re.IGNORECASE)


def _nothing() -> None:
    """Most processes need no preparation."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One process: how to start it, how to stop it, which of its lines a person should see."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    user: tuple[int, int] | None = None  # (user id, group id) to run as; None: the supervisor's own
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 10.0
    hasten_signal: int = signal.SIGKILL
    alarm: re.Pattern[str] = ALARM
    before_start: Callable[[], None] = _nothing
