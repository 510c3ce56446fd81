"""Counting tokens: how far holds lie above the truth and likely figures from it, for each kind of text; how fast counting is."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import psutil  # type: ignore[import-untyped]

from bench.kit.figures import table
from bench.kit.token_errors import error_table, held, hold_table, likely_table
from bench.kit.token_texts import recorded, texts, unbroken
from providers.tokens import count_tokens

_ALLOWED = 0.98
_TIMED_BYTES = 2_000_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench tokens", description=__doc__)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    results: dict[str, Any] = {"load": _load(), "kinds": [_kind(name, text) for name, text in texts().items()], "unbroken": _unbroken()}
    print(_tables(results))
    print("\n\nFor docs/token-counting.md:", *("\n".join(made()) for made in (hold_table, likely_table, error_table)), sep="\n\n")
    if options.json:
        options.json.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    sys.exit(1 if any(one["faults"] for one in results["kinds"]) else 0)


def _load() -> dict[str, float]:
    process, before, began = psutil.Process(), psutil.Process().memory_info().rss, time.perf_counter()
    count_tokens("The first count loads the vocabulary.")
    return {"milliseconds": (time.perf_counter() - began) * 1e3, "megabytes": (process.memory_info().rss - before) / 1e6}


def _kind(name: str, text: str) -> dict[str, Any]:
    truth, most_and_real = recorded()[name]["o200k"], held(name)
    counted = count_tokens(text)
    return {
        "name": name,
        "tokens": counted,
        "error_percent": 100 * (counted / truth - 1),
        "over": {who: most / real for who, (most, real) in most_and_real.items()},
        "mb_a_second": _speed(text),
        "faults": [who for who, (most, real) in most_and_real.items() if most < _ALLOWED * real] + ["o200k"] * (counted != truth),
    }


def _speed(text: str) -> float:
    long = text * (_TIMED_BYTES // len(text.encode()))
    return len(long.encode()) / 1e6 / _seconds(lambda: count_tokens(long))


def _unbroken() -> list[dict[str, Any]]:
    short, long = unbroken(250_000), unbroken(1_000_000)
    return [
        {
            "name": name,
            "megabytes": len(text.encode()) / 1e6,
            "milliseconds": _seconds(lambda text=text: count_tokens(text)) * 1e3,  # type: ignore[misc]
            "of_a_quarter": _seconds(lambda text=short[name]: count_tokens(text)) * 1e3,  # type: ignore[misc]
        }
        for name, text in long.items()
    ]


def _seconds(work: Callable[[], object]) -> float:
    def once() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return min(once() for _ in range(3))


def _tables(results: dict[str, Any]) -> str:
    kinds = [
        (
            one["name"],
            one["tokens"],
            f"{one['error_percent']:.1f} %",
            *(f"{over:.2f}" for over in one["over"].values()),
            round(one["mb_a_second"]),
            ", ".join(one["faults"]) or "-",
        )
        for one in results["kinds"]
    ]
    long = [
        (one["name"], round(one["megabytes"], 1), round(one["milliseconds"], 1), round(one["of_a_quarter"], 1))
        for one in results["unbroken"]
    ]
    heads = ("text", "o200k", "error", "held / real: OpenAI", "before GPT-4o", "Anthropic", "Gemini", "open models", "MB/s", "too low")
    return "\n\n".join(
        (
            f"The first count: {results['load']['milliseconds']:.0f} ms, {results['load']['megabytes']:.0f} MB.",
            table(heads, kinds),
            table(("a million characters without a break", "MB", "ms", "a quarter of it, ms"), long),
        )
    )


if __name__ == "__main__":
    main()
