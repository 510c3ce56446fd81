"""Who is alive: a process is its number *and* the moment it was born, for numbers are used again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

_HAS_PROC = Path("/proc/self/stat").exists()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A process that an earlier run wrote down."""

    name: str
    pid: int
    birth: str
    stop_signal: int = signal.SIGTERM

    def is_alive(self) -> bool:
        return birth(self.pid) == self.birth


def birth(pid: int) -> str | None:
    """The moment this process was born, never the same for another process; None when it is dead (or a zombie)."""
    if not _HAS_PROC:
        return _birth_elsewhere(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else f"{_boot()}:{fields[19]}"


def working_directory(pid: int) -> Path | None:
    """Where a process works; None when it is dead or not ours to ask."""
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd") if _HAS_PROC else _psutil().Process(pid).cwd())
    except Exception:
        return None


def end_all(processes: Iterable[Recorded], *, grace_seconds: float) -> list[Recorded]:
    """Ask the living among them to stop, end those that do not in time; returns those that were alive."""
    living = [process for process in processes if process.is_alive()]
    for process in living:
        _send(process, process.stop_signal)
    if not _gone(living, grace_seconds):
        for process in living:
            if process.is_alive():
                _send(process, signal.SIGKILL)
        _gone(living, 5.0)
    return living


def _gone(processes: list[Recorded], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(process.is_alive() for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _send(process: Recorded, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process.pid, number)


@cache
def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def _birth_elsewhere(pid: int) -> str | None:
    psutil = _psutil()
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except psutil.Error:
        return None


def _psutil() -> Any:
    """Imported only where there is no /proc: it would be a third of the supervisor's memory."""
    return import_module("psutil")
