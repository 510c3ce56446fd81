"""So many streams at all times, for a while; and what that costs."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import psutil  # type: ignore[import-untyped]

from bench.kit.answer_log import AnswerLog
from bench.kit.http import Client
from bench.kit.processes import Memory, cpu_seconds, machine_busy_seconds, memory
from bench.kit.stack import HOST

_SETTLE_SECONDS = 3.0
_OPEN_AT_ONCE = 10


class Reader(Protocol):
    """A tab of the product, or a reader of the bare relay."""

    answers: list[AnswerLog]

    async def open(self, host: str, *, deflate: bool) -> None: ...
    async def ask(self) -> None: ...
    def delivered(self) -> int: ...
    def close(self) -> None: ...
    def check(self, log: AnswerLog) -> None: ...


@dataclass(slots=True)
class Measured:
    """A window of `seconds` under load. Times of answers are `time.time_ns()`."""

    streams: int
    began: int
    seconds: float = 0.0
    tokens: int = 0
    cpu: dict[str, float] = field(default_factory=dict)
    memory: dict[str, Memory] = field(default_factory=dict)
    cores: int = 1
    busy_seconds: float = 0.0  # of the whole machine, all cores together
    answers: list[AnswerLog] = field(default_factory=list)
    received_bytes: int = 0

    @property
    def ended(self) -> int:
        return self.began + int(self.seconds * 1e9)


async def run(
    readers: Sequence[Reader],
    pids: Mapping[str, int],
    *,
    answer_seconds: float,
    seconds: float,
    deflate: bool = False,
    on_steady: Callable[[], None] = lambda: None,
) -> Measured:
    """Open all readers, start them evenly over one answer's length, then measure. Returns when the last answer has ended."""
    for begin in range(0, len(readers), _OPEN_AT_ONCE):
        await asyncio.gather(*(reader.open(HOST, deflate=deflate) for reader in readers[begin : begin + _OPEN_AT_ONCE]))
    gc.collect()
    gc.freeze()
    gc.disable()
    stop = asyncio.Event()
    tasks = [
        asyncio.create_task(_keep_asking(reader, number * answer_seconds / len(readers), stop)) for number, reader in enumerate(readers)
    ]
    await asyncio.sleep(answer_seconds + _SETTLE_SECONDS)
    on_steady()
    measured = await _measure(readers, pids, seconds)
    stop.set()
    await asyncio.gather(*tasks)
    gc.enable()
    gc.unfreeze()
    measured.answers = [log for reader in readers for log in reader.answers]
    for reader in readers:
        reader.close()
        for log in reader.answers:
            reader.check(log)
    return measured


async def _keep_asking(reader: Reader, wait_seconds: float, stop: asyncio.Event) -> None:
    await asyncio.sleep(wait_seconds)
    while not stop.is_set():
        await reader.ask()


async def _measure(readers: Sequence[Reader], pids: Mapping[str, int], seconds: float) -> Measured:
    tokens = sum(reader.delivered() for reader in readers)
    cpu, busy, clock = cpu_seconds(pids), machine_busy_seconds(), time.monotonic()
    measured = Measured(len(readers), began=time.time_ns())
    await asyncio.sleep(seconds)
    after = cpu_seconds(pids)
    measured.seconds = time.monotonic() - clock
    measured.tokens = sum(reader.delivered() for reader in readers) - tokens
    measured.busy_seconds, measured.cores = machine_busy_seconds() - busy, psutil.cpu_count() or 1
    measured.cpu = {name: after[name] - cpu[name] for name in pids}
    measured.memory = memory(pids)  # takes some time, so it comes last
    return measured


async def ask_provider(port: int, path: str) -> bytes:
    """The answer of the fake provider's own pages."""
    client = Client(HOST, port, {})
    try:
        return (await client.get(path)).body
    finally:
        client.close()
