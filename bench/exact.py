"""A million calls added up in every way that people see: page, statistics, exports, rollups and ledger, to the last decimal."""

from __future__ import annotations

import argparse
import csv
import re
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import orjson

from bench.kit.figures import table
from bench.kit.stack import HOST, Stack
from bench.kit.usage_tables import TABLES, differences
from usage.formats import exact, usd

_ZONES = ("Europe/Brussels", "Asia/Kathmandu")
# A change of clocks, the border of two periods and a change of prices lie inside; both ends cut through the seeded calls.
_FIRST, _LAST = "2025-10-12", "2025-11-15"
_COUNTS = ("calls", "fresh_input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning", "tokens")
# Each breakdown of the page, and both measures of its chart.
_PAGES = (("model", "tokens"), ("provider", "cost"), ("purpose", "tokens"), ("conversation", "cost"), ("person", "tokens"))
_LISTS = ("by_model", "by_provider", "by_purpose", "by_conversation", "by_person", "series")

Sums = dict[str, Decimal]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench exact", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="ledger entries, from 10 October to 20 November 2025")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    with Stack({}) as stack:
        _say(f"making {options.rows:,} ledger entries")
        person = stack.ask("bench.kit.exact_ledger", "seed", str(options.rows))
        results = [_of_zone(zone, person, stack) for zone in _ZONES]
        _say("auditing")
        drift = stack.ask("bench.kit.exact_ledger", "audit")["drift"]
    print(_table(results))
    faults = [fault for one in results for fault in one["faults"]] + drift
    print("\n".join(faults) or "Everything agrees to the last decimal, and the audit finds nothing.")
    if options.json:
        options.json.write_bytes(orjson.dumps({"zones": results, "drift": drift}, option=orjson.OPT_INDENT_2, default=str))
    sys.exit(1 if faults else 0)


def _of_zone(zone: str, person: dict[str, Any], stack: Stack) -> dict[str, Any]:
    _say(f"adding up in {zone}")
    known = stack.ask("bench.kit.exact_ledger", "sums", person["user"], zone, _FIRST, _LAST)
    ledger = {name: Decimal(text) for name, text in known["ledger"].items()}
    site = _Site(f"http://{HOST}:{stack.port}", person["session"])
    document = orjson.loads(b"".join(site.lines("/usage/summary.json")))
    ways: dict[str, Sums] = {
        "rollups": {name: Decimal(text) for name, text in known["rollups"].items()},
        "statistics": _sums_of([document["totals"]], saved=True),
        **{f"statistics, {name}": _sums_of(document[name], saved=True) for name in _LISTS},
        "CSV": _sums_of({**row, "calls": 1} for row in csv.DictReader(line.decode() for line in site.lines("/usage/export.csv"))),
        "JSON": _sums_of({**row, "calls": 1} for row in _json_rows(site.lines("/usage/export.json"))),
    }
    faults = [
        f"{zone}: {way} differs from the ledger in {name}" for way, sums in ways.items() for name in sums if sums[name] != ledger[name]
    ]
    for by, measure in _PAGES:
        page = unescape(b"".join(site.lines("/usage/", f"&by={by}&chart={measure}")).decode())
        faults += [f"{zone}: the page by {by} lacks {text}" for text in _shown(ledger) if not re.search(text, page)]
        faults += [f"{zone}: by {by}, {fault}" for fault in differences(page, measure, ledger)]
    hours = known["hours"]
    return {
        "zone": zone,
        "ledger": ledger,
        "ways": 1 + len(ways) + len(TABLES) * len(_PAGES),
        "faults": faults,
        "hours": hours,
        **{k: known[k] for k in ("prices", "periods")},
    }


class _Site:
    """The pages of somebody, each for the same days."""

    def __init__(self, url: str, session: str) -> None:
        self.url, self.session = url, session

    def lines(self, path: str, more: str = "") -> Iterator[bytes]:
        address = f"{self.url}{path}?range=own&from={_FIRST}&to={_LAST}{more}"
        request = urllib.request.Request(address, headers={"Cookie": f"sessionid={self.session}"})
        with urllib.request.urlopen(request, timeout=600) as answer:
            yield from answer


def _json_rows(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """One element of the array stands on each line."""
    for line in lines:
        row = line.strip().rstrip(b",")
        if row not in (b"[", b"]", b""):
            yield orjson.loads(row)


def _sums_of(rows: Iterable[dict[str, Any]], *, saved: bool = False) -> Sums:
    counts, cost, spared = dict.fromkeys(_COUNTS, 0), Decimal(0), Decimal(0)
    for row in rows:
        for name in _COUNTS:
            counts[name] += int(row[name])
        cost += Decimal(row["cost_usd"])
        if saved:
            spared += Decimal(row["saved_by_caching_usd"])
    return {**{name: Decimal(count) for name, count in counts.items()}, "cost": cost, **({"saved": spared} if saved else {})}


def _shown(ledger: Sums) -> list[str]:
    """Patterns of what the page says of all: the large figures and the kinds of tokens as people read them, money exactly beside it."""
    writes = ledger["cache_write_5m"] + ledger["cache_write_1h"]
    counts = ("tokens", "calls", "fresh_input", "cache_read", "output", "reasoning")
    money = [f'<data value="{exact(ledger[name])}">{re.escape(usd(ledger[name]))}<' for name in ("cost", "saved")]
    return [*money, *(rf">\s*{count:,}\s*<" for count in (writes, *(ledger[name] for name in counts)))]


def _table(results: list[dict[str, Any]]) -> str:
    rows = [
        (
            one["zone"],
            f"{one['ledger']['calls']:,}",
            f"{one['ledger']['tokens']:,}",
            f"{one['ledger']['cost']:,}",
            f"{one['ledger']['saved']:,}",
            one["periods"],
            one["prices"],
            f"{one['hours']:g}",
            one["ways"],
            len(one["faults"]),
        )
        for one in results
    ]
    heads = ("zone", "calls", "tokens", "cost, USD", "saved, USD", "periods", "prices", "hours", "ways", "that differ")
    return table(heads, rows)


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
