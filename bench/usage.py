"""The usage page, its statistics and exports with a million calls of a year in the workspace; rollups and audit."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from bench.kit.download import download
from bench.kit.figures import middle, percentile, table
from bench.kit.http import Client
from bench.kit.stack import HOST, Stack

_WARM_UP = 8
_PAGES = {
    "page, this period": "/usage/",
    "page, 30 days": "/usage/?range=30d",
    "page, all of it": "/usage/?range=own&from={first}&to={last}",
    "page, by conversation, 30 days": "/usage/?range=30d&by=conversation",
    "page, by conversation, all of it": "/usage/?range=own&from={first}&to={last}&by=conversation",
    "statistics, 30 days": "/usage/summary.json?range=30d",
    "statistics, all of it": "/usage/summary.json?range=own&from={first}&to={last}",
    "meter": "/usage/meter/",
}
_EXPORTS = {"export as CSV": "/usage/export.csv", "export as JSON": "/usage/export.json"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench usage", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="ledger entries; one conversation for 50 of them")
    parser.add_argument("--days", type=int, default=365, help="that they are spread over, until now")
    parser.add_argument("--apart", type=int, default=1, help="conversations between two visits to one; 1: it lasts hours, 14: days")
    parser.add_argument("--requests", type=int, default=60, help="to each page, after warming up")
    parser.add_argument("--zone", default="Asia/Kolkata", help="time zone of the reader; half hours are the hardest")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    with Stack({}) as stack:
        _say(f"making {options.rows:,} ledger entries")
        person = stack.ask("bench.kit.usage_seed", *map(str, (options.rows, options.days, options.apart)), options.zone)
        _say(f"{person['rollups_a_second']:,} entries a second became rollups; {options.requests} requests to each page")
        results = asyncio.run(_measure(person, stack, options.requests))
    results |= {name: person[name] for name in ("rollups_a_second", "audit_seconds", "subject_days")}
    print(_table(results))
    if options.json:
        options.json.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    sys.exit(1 if results["faults"] else 0)


async def _measure(person: dict[str, Any], stack: Stack, requests: int) -> dict[str, Any]:
    client = Client(HOST, stack.port, {"Cookie": f"sessionid={person['session']}", "Accept-Encoding": "gzip, deflate, br"})
    pages: dict[str, list[float]] = {name: [] for name in _PAGES}
    faults: list[str] = []
    for number in range(_WARM_UP + requests):
        for name, path in _PAGES.items():
            response = await client.get(path.format(**person), {})
            if response.status != 200:
                faults.append(f"{name}: status {response.status}")
            if number >= _WARM_UP:
                pages[name].append(response.milliseconds)
    days = f"?range=own&from={person['first']}&to={person['last']}"
    exports = [
        await download(name, path + days, person["session"], stack, mark=b'"called_at"' if "json" in path else b"+00:00,")
        for name, path in _EXPORTS.items()
    ]
    faults += [f"{one['name']}: {one['rows']:,} of {person['rows']:,} rows" for one in exports if one["rows"] != person["rows"]]
    return {"pages": pages, "exports": exports, "faults": faults}


def _table(results: dict[str, Any]) -> str:
    pages = [
        (name, len(times), round(middle(times), 1), round(percentile(times, 95), 1), round(min(times), 1))
        for name, times in results["pages"].items()
    ]
    exports = [
        (one["name"], f"{one['rows']:,}", f"{one['rows_a_second']:,}", one["megabytes"], one["memory_before_mb"], one["memory_highest_mb"])
        for one in results["exports"]
    ]
    return "\n\n".join(
        (
            table(("page", "requests", "median ms", "p95 ms", "least ms"), pages),
            table(("export", "rows", "rows/s", "MB", "memory before, MB", "highest, MB"), exports),
            f"Rollups: {results['rollups_a_second']:,} entries a second. Audit of all: {results['audit_seconds']:.1f} s. "
            f"Rows of a conversation and day: {results['subject_days']:,}.",
            *results["faults"],
        )
    )


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
