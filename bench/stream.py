"""Answers streaming to N tabs: latency, gaps, CPU and memory, nothing lost; beside a bare relay of the same streams."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from bench.kit import outcome
from bench.kit.floor import FloorTab
from bench.kit.load import Measured, Reader, ask_provider, run
from bench.kit.processes import memory
from bench.kit.stack import HOST, SERVERS, FakeProvider, Process, Stack
from bench.kit.tab import MODEL, Tab
from chatplatform.embedded.ports import free_port

_WARM_UP_STREAMS = 5
_WARM_UP_TOKENS = 60
_MEGABYTE = 1_048_576


def main() -> None:
    options = _options()
    provider = FakeProvider(options.rate, options.delay)
    try:
        result = _with_product(options, provider)
    finally:
        provider.stop()
    print()
    print(outcome.stream_table(result["levels"], result["floor"]))
    print("\n(pairs are p50 / p95, gaps p50 / p95 / p99; us/token: all own processes together)\n")
    print(outcome.process_table(result["levels"], result["idle_mb"]))
    own_idle = sum(used["pss"] for name, used in result["idle_mb"].items() if name in outcome.OWN)
    print(f"\nOwn processes idle: {own_idle:.0f} MB. Each further stream: {outcome.extra_kb(result['levels'])} kB.")
    for level in result["levels"]:
        for fault, count in level["faults"].items():
            print(f"At {level['streams']} streams, {count} x {fault}")
    print(_saturation(result["levels"]))
    if options.json:
        options.json.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2))
    sys.exit(1 if any(level["faults"] for level in result["levels"]) else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench stream", description=__doc__)
    parser.add_argument("--streams", default="10,50,100,200", help="how many answers run at the same time, level by level")
    parser.add_argument("--tokens", type=int, default=600, help="length of an answer")
    parser.add_argument("--rate", type=float, default=50.0, help="tokens a second in each stream")
    parser.add_argument("--delay", type=float, default=0.05, help="the provider's own seconds to its first token")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each level is measured")
    parser.add_argument("--server", choices=sorted(SERVERS), default="daphne", help="which one serves `web` and the bare relay")
    parser.add_argument("--deflate", action="store_true", help="offer permessage-deflate, as browsers do")
    parser.add_argument("--no-floor", action="store_true", help="leave the bare relay out")
    parser.add_argument("--hold", type=float, default=0.0, metavar="SECONDS", help="keep up the load and print process ids, for a profiler")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    options.levels = [int(level) for level in options.streams.split(",")]
    return options


def _with_product(options: argparse.Namespace, provider: FakeProvider) -> dict[str, Any]:
    variables = {"OPENAI_COMPATIBLE_BASE_URL": provider.url, "OPENAI_COMPATIBLE_MODELS": "bench", "DEFAULT_MODEL": MODEL}
    levels, floors = [], []
    with Stack(variables, server=options.server) as stack:
        _say("making people")
        people = stack.ask("bench.kit.people", str(max(options.levels)))
        apparatus = {"fake provider": provider.pid, "client": os.getpid()}
        idle = {name: {"rss": used.rss / _MEGABYTE, "pss": used.pss / _MEGABYTE} for name, used in memory(stack.pids).items()}
        warm = _tabs(people[:_WARM_UP_STREAMS], stack, options, tokens=_WARM_UP_TOKENS)
        _drive(options, warm, stack.pids, seconds=2, tokens=_WARM_UP_TOKENS)
        for streams in options.levels:
            _say(f"{streams} streams, product")
            tabs = _tabs(people[:streams], stack, options, tokens=options.tokens)
            measured = _drive(options, tabs, {**stack.pids, **apparatus}, seconds=options.hold or options.seconds, tokens=options.tokens)
            levels.append(_figures(measured, provider, outcome.OWN))
        if not (options.no_floor or options.hold):
            floors = _floors(options, provider, apparatus)
    return {"options": {name: str(value) for name, value in vars(options).items()}, "idle_mb": idle, "levels": levels, "floor": floors}


def _floors(options: argparse.Namespace, provider: FakeProvider, apparatus: dict[str, int]) -> list[dict[str, Any]]:
    port = free_port(HOST)
    command = SERVERS[options.server].format(host=HOST, port=port, app="bench.kit.relay:application").split()
    relay = Process([sys.executable, *command[1:]], {"FAKE_PROVIDER_URL": provider.url, "PYTHONUNBUFFERED": "1"}, wait=False)
    floors = []
    try:
        _wait_for(port)
        for streams in options.levels:
            _say(f"{streams} streams, bare relay")
            readers = [FloorTab(number, port, options.tokens) for number in range(streams)]
            pids = {outcome.RELAY: relay.pid, **apparatus}
            measured = _drive(options, readers, pids, seconds=min(10.0, options.seconds), tokens=options.tokens)
            floors.append(_figures(measured, provider, (outcome.RELAY,)))
    finally:
        relay.stop()
    return floors


def _drive(options: argparse.Namespace, readers: list[Any], pids: dict[str, int], *, seconds: float, tokens: int) -> Measured:
    def steady() -> None:
        if options.hold:
            _say("load is steady; " + ", ".join(f"{name} {pid}" for name, pid in pids.items()))

    as_readers: list[Reader] = readers
    answer_seconds = tokens / options.rate + options.delay
    return asyncio.run(run(as_readers, pids, answer_seconds=answer_seconds, seconds=seconds, deflate=options.deflate, on_steady=steady))


def _figures(measured: Measured, provider: FakeProvider, own: tuple[str, ...]) -> dict[str, Any]:
    said = orjson.loads(asyncio.run(ask_provider(provider.port, "/_records")))
    asyncio.run(ask_provider(provider.port, "/_reset"))
    return {**outcome.figures(measured, said["records"], own), "provider_latest_ms": round(said["latest_ms"], 1)}


def _tabs(people: list[dict[str, Any]], stack: Stack, options: argparse.Namespace, *, tokens: int) -> list[Tab]:
    return [Tab(person, number, HOST, stack.port, tokens, options.rate) for number, person in enumerate(people)]


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the bare relay did not start")


def _saturation(levels: list[dict[str, Any]]) -> str:
    full = [str(level["streams"]) for level in levels if level["busy_percent"] >= 90]
    if not full:
        return "The machine was never saturated."
    others = max(level["others_percent"] for level in levels)
    return (
        f"The machine was saturated (90 % busy or more, fake and client included) at {', '.join(full)} streams: latencies there are "
        f"those of a queue for the processor. Processes that are not of this benchmark took up to {others} % of one core."
    )


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
