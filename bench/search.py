"""The real search over a hundred thousand messages of one person in a table of a million, with the plans of PostgreSQL."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import orjson

from bench.kit.figures import middle, percentile, table
from bench.kit.stack import Stack

LIMIT_MS = 50.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench search", description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000, help="entries in the table")
    parser.add_argument("--own", type=int, default=100_000, help="of these, messages of the person who searches")
    parser.add_argument("--rounds", type=int, default=20, help="times that each query is asked, after once to warm up")
    parser.add_argument("--plans", action="store_true", help="print the plans too")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    with Stack({}) as stack:
        results = stack.ask("bench.kit.search_library", str(options.entries), str(options.own), str(options.rounds))
    everything = [one for times in results["times"].values() for one in times]
    print(_table(results, everything))
    if options.plans:
        print("\n\n".join(f"{name}\n{plan}" for name, plan in results["plans"].items()))
    if options.json:
        options.json.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    sys.exit(1 if percentile(everything, 95) > LIMIT_MS else 0)


def _table(results: dict[str, Any], everything: list[float]) -> str:
    lines = [*results["times"].items(), ("all of them", everything)]
    rows = [
        (name, results["hits"].get(name, ""), round(middle(times), 1), round(percentile(times, 95), 1), round(max(times), 1))
        for name, times in lines
    ]
    found = table(("query", "hits", "median ms", "p95 ms", "most ms"), rows)
    return f"{found}\n\nSeeded in {results['seed_seconds']} s; load of the machine while it was measured: {results['load']}."


if __name__ == "__main__":
    main()
