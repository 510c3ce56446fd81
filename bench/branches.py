"""Server time of a long conversation with many branches: open it, switch a branch, edit in the middle, send."""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from bench.kit.fake_provider import marker
from bench.kit.figures import middle, percentile, table
from bench.kit.http import Client, Response
from bench.kit.stack import HOST, FakeProvider, Stack
from bench.kit.tab import MODEL

LIMIT_MS = 150.0
_WARM_UP = 5
_TOKENS = 5
_CSRF = "x" * 32
_PATIENCE_SECONDS = 20.0
_RUNNING = re.compile(rb'data-status="(queued|running)"')


class Reader:
    """A person at the branched conversation; each of `steps` does its thing once and says how long the server took, in ms."""

    def __init__(self, library: dict[str, Any], port: int) -> None:
        self._home = f"/c/{library['conversation']}/"
        self._forks: list[tuple[str, str]] = library["forks"]
        self._turn = 0
        self._client = Client(HOST, port, {"Cookie": f"sessionid={library['session']}; csrftoken={_CSRF}"})
        self._headers = {"HX-Request": "true", "X-CSRFToken": _CSRF, "Origin": f"http://{HOST}:{port}"}
        self.steps = {"open": self._open, "switch a branch": self._switch, "edit in the middle": self._edit, "send": self._send}
        self.faults: list[str] = []

    async def step(self, name: str) -> float:
        response = await self.steps[name]()
        if response.status != 200:
            self.faults.append(f"{name}: status {response.status}")
        await self._rest()
        return response.milliseconds

    async def _open(self) -> Response:
        self._turn += 1
        return await self._client.get(self._home)

    async def _switch(self) -> Response:
        """To the other version of a question that is shown, each time another one, from the end to the beginning and again."""
        fork = self._forks[-1 - self._turn % len(self._forks)]
        await self._post(f"m/{fork[0]}/show/")
        return await self._post(f"m/{fork[1]}/show/")

    async def _edit(self) -> Response:
        """A question in the middle of the long branch."""
        middle_fork = self._forks[len(self._forks) // 2]
        await self._post(f"m/{self._forks[-1][0]}/show/")
        fields = {**self._message(), "seen": ""}
        return await self._post(f"m/{middle_fork[0]}/edit/", fields)

    async def _send(self) -> Response:
        """At the end of the long branch."""
        await self._post(f"m/{self._forks[-1][0]}/show/")
        return await self._post("", self._message())

    def _message(self) -> dict[str, str]:
        return {"text": f"In other words. {marker(str(uuid4()), self._turn % 4, _TOKENS)}", "client_key": str(uuid4()), "model": MODEL}

    async def _post(self, path: str, fields: dict[str, str] | None = None) -> Response:
        return await self._client.post(self._home + path, fields or {}, self._headers)

    async def _rest(self) -> None:
        """Until no answer is being written."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while _RUNNING.search((await self._client.get(f"{self._home}log/", {"HX-Request": "true"})).body):
            if time.monotonic() > end:
                self.faults.append("an answer did not end in time")
                return
            await asyncio.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench branches", description=__doc__)
    parser.add_argument("--messages", type=int, default=5000, help="in the conversation, all branches together")
    parser.add_argument("--branches", type=int, default=40, help="beside the long one")
    parser.add_argument("--rounds", type=int, default=40, help="times that each thing is done, after warming up")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    provider = FakeProvider(200.0, 0.01)
    variables = {"OPENAI_COMPATIBLE_BASE_URL": provider.url, "OPENAI_COMPATIBLE_MODELS": "bench", "DEFAULT_MODEL": MODEL}
    try:
        with Stack(variables) as stack:
            library = stack.ask("bench.kit.branched_library", str(options.messages), str(options.branches))
            reader = Reader(library, stack.port)
            times = asyncio.run(_measure(reader, options.rounds))
    finally:
        provider.stop()
    results = {
        name: {"median_ms": round(middle(taken), 1), "p95_ms": round(percentile(taken, 95), 1), "most_ms": round(max(taken), 1)}
        for name, taken in times.items()
    }
    print(f"{library['messages']:,} messages, {len(library['forks'])} branches, {library['shown']:,} messages on the long one")
    print(table(("what", "median ms", "p95 ms", "most ms"), [(name, *figures.values()) for name, figures in results.items()]))
    print("\n".join(reader.faults))
    if options.json:
        options.json.write_bytes(orjson.dumps({"results": results, "faults": reader.faults}, option=orjson.OPT_INDENT_2))
    sys.exit(1 if reader.faults or any(figures["p95_ms"] > LIMIT_MS for figures in results.values()) else 0)


async def _measure(reader: Reader, rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in reader.steps}
    for number in range(_WARM_UP + rounds):
        for name in reader.steps:  # in turns, so that whatever else the machine does meets all of them alike
            taken = await reader.step(name)
            if number >= _WARM_UP:
                times[name].append(taken)
    return times


if __name__ == "__main__":
    main()
