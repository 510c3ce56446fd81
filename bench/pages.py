"""Server time of pages that must not grow with their data: long conversations, long lists, sending into them."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from bench.kit.figures import middle, percentile, table
from bench.kit.http import Client
from bench.kit.stack import HOST, SERVERS, FakeProvider, Stack
from bench.kit.tab import MODEL, Tab

_WARM_UP = 8
_ANSWER_TOKENS = 5
_RATE = 200.0
_HTMX = {"HX-Request": "true"}


@dataclass(slots=True)
class Page:
    """One address, asked again and again."""

    name: str
    size: int
    client: Client
    path: str
    headers: Mapping[str, str]
    times: list[float] = field(default_factory=list)
    kilobytes: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench pages", description=__doc__)
    parser.add_argument("--messages", default="20,2000,5000", help="sizes of conversations")
    parser.add_argument("--conversations", default="10,10000", help="lengths of lists")
    parser.add_argument("--requests", type=int, default=60, help="to each page, after warming up")
    parser.add_argument("--server", choices=sorted(SERVERS), default="daphne")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    provider = FakeProvider(_RATE, 0.01)
    variables = {"OPENAI_COMPATIBLE_BASE_URL": provider.url, "OPENAI_COMPATIBLE_MODELS": "bench", "DEFAULT_MODEL": MODEL}
    try:
        with Stack(variables, server=options.server) as stack:
            _say(f"making conversations with {options.messages} messages and lists of {options.conversations} conversations")
            library = stack.ask("bench.kit.libraries", options.messages, options.conversations)
            _say(f"{options.requests} requests to each page")
            results = asyncio.run(_measure(library, stack.port, options.requests))
    finally:
        provider.stop()
    print(_table(results))
    if options.json:
        options.json.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    sys.exit(1 if any(result["faults"] for result in results) else 0)


async def _measure(library: dict[str, Any], port: int, requests: int) -> list[dict[str, Any]]:
    pages = _pages(library, port)
    faults: dict[str, list[str]] = {page.name: [] for page in pages}
    for number in range(_WARM_UP + requests):
        for page in pages:  # in turns, so that whatever else the machine does meets all of them alike
            response = await page.client.get(page.path, page.headers)
            if response.status != 200:
                faults[page.name].append(f"status {response.status}")
            if number >= _WARM_UP:
                page.times.append(response.milliseconds)
                page.kilobytes = len(response.body) / 1024
    results = [_figures(page.name, page.size, page.times, page.kilobytes, faults[page.name]) for page in pages]
    for size, person in library["conversations"].items():
        times, wrong = await _send(person, port, requests)
        results.append(_figures("send into a conversation", int(size), times, 0.0, wrong))
    return results


def _pages(library: dict[str, Any], port: int) -> list[Page]:
    pages = []
    for size, person in library["conversations"].items():
        pages.append(Page("conversation", int(size), _client(person, port), f"/c/{person['conversation']}/", {}))
    for size, person in library["lists"].items():
        client = _client(person, port)
        pages.append(Page("list", int(size), client, "/c/list/", _HTMX))
        pages.append(Page("new chat, with the list", int(size), client, "/c/", {}))
    return pages


async def _send(person: dict[str, Any], port: int, requests: int) -> tuple[list[float], list[str]]:
    """Send, wait for the short answer, send again."""
    tab = Tab(person, 0, HOST, port, _ANSWER_TOKENS, _RATE)
    await tab.open(HOST, deflate=False)
    for _ in range(_WARM_UP + requests):
        await tab.ask()
    tab.close()
    measured = tab.answers[_WARM_UP:]
    return [(log.posted - log.sent) / 1e6 for log in measured], [fault for log in measured for fault in log.faults]


def _client(person: dict[str, Any], port: int) -> Client:
    return Client(HOST, port, {"Cookie": f"sessionid={person['session']}", "Accept-Encoding": "gzip, deflate, br"})


def _figures(name: str, size: int, times: list[float], kilobytes: float, faults: list[str]) -> dict[str, Any]:
    return {
        "page": name,
        "size": size,
        "requests": len(times),
        "median_ms": round(middle(times), 1),
        "p95_ms": round(percentile(times, 95), 1),
        "least_ms": round(min(times, default=0.0), 1),
        "kilobytes": round(kilobytes, 1),
        "faults": faults,
    }


def _table(results: list[dict[str, Any]]) -> str:
    """With the median of each page beside that of the smallest of its kind."""
    smallest = {result["page"]: result["median_ms"] for result in sorted(results, key=lambda result: -int(result["size"]))}
    rows = [
        (
            result["page"],
            f"{result['size']:,}",
            result["median_ms"],
            result["p95_ms"],
            result["least_ms"],
            f"{result['median_ms'] / (smallest[result['page']] or 1):.2f}",
            result["kilobytes"] or "",
            len(result["faults"]),
        )
        for result in results
    ]
    return table(("page", "size", "median ms", "p95 ms", "least ms", "ratio", "kB sent", "faults"), rows)


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
