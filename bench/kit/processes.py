"""What processes cost: CPU seconds and memory, of a process with its children."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]

# These are the parents of everything else, and pay for themselves alone.
_WITHOUT_CHILDREN = ("supervisor", "client")


@dataclass(frozen=True, slots=True)
class Memory:
    """In bytes. PSS shares what several processes map among them, so that sums are right."""

    rss: int
    pss: int


def cpu_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    """User and system time so far, children (also those that have ended) included."""
    return {name: _cpu(pid, name not in _WITHOUT_CHILDREN) for name, pid in pids.items()}


def memory(pids: Mapping[str, int]) -> dict[str, Memory]:
    return {name: _memory(pid, name not in _WITHOUT_CHILDREN) for name, pid in pids.items()}


def machine_busy_seconds() -> float:
    """CPU time that this machine has spent on anything, all cores together."""
    times = psutil.cpu_times()
    return float(times.user + times.system + times.nice + times.irq + times.softirq)


def _cpu(pid: int, family: bool) -> float:
    total = 0.0
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        times = process.cpu_times()
        total = times.user + times.system
        if family:
            total += times.children_user + times.children_system
        for child in process.children(recursive=True) if family else ():
            with suppress(psutil.NoSuchProcess):
                times = child.cpu_times()
                total += times.user + times.system
    return total


def _memory(pid: int, family: bool) -> Memory:
    rss = pss = 0
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in (process, *(process.children(recursive=True) if family else ())):
            with suppress(psutil.NoSuchProcess):
                full = one.memory_full_info()
                rss, pss = rss + full.rss, pss + full.pss
    return Memory(rss, pss)
