"""Bringing archives in and taking everything out: messages a second, and the memory of the worker and of web."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from bench.kit.archives import write_archive
from bench.kit.download import download
from bench.kit.figures import table
from bench.kit.stack import Stack
from bench.kit.watch import Watch

_BIG_MESSAGES, _BIG_CHARS = 60, 12_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench transfer", description=__doc__)
    parser.add_argument("--conversations", type=int, default=2000)
    parser.add_argument("--messages", type=int, default=60_000, help="of all conversations together")
    parser.add_argument("--big", type=int, default=1000, metavar="MB", help="of JSON in a second archive, of long answers; 0: none")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    archives = [("usual", options.conversations, options.messages, 900)]
    if options.big:
        conversations = max(options.big * 1_000_000 // (_BIG_MESSAGES // 2 * (_BIG_CHARS + 1400)), 1)
        archives.append(("big", conversations, conversations * _BIG_MESSAGES, _BIG_CHARS))
    with Stack({}) as stack:
        load = os.getloadavg()[0]
        imports, exports = [], []
        for name, conversations, messages, chars in archives:
            brought = _bring(name, conversations, messages, chars, stack)
            imports.append(brought)
            _say("taking everything out")
            exports.append(asyncio.run(download(name, "/c/export.json", brought["session"], stack, mark=b'"parent":')))
    results = {"load_before": load, "load_after": os.getloadavg()[0], "imports": imports, "exports": exports}
    faults = [one["name"] for one in imports if one["state"] != "completed"]
    faults += [out["name"] for out, one in zip(exports, imports, strict=True) if out["rows"] != one["messages"]]
    print(_table(results))
    if options.json:
        options.json.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    sys.exit(f"Not everything went through: {', '.join(faults)}" if faults else 0)


def _bring(name: str, conversations: int, messages: int, chars: int, stack: Stack) -> dict[str, Any]:
    path = stack.folder / f"{name}.zip"
    _say(f"writing {conversations:,} conversations with {messages:,} messages")
    size = write_archive(path, conversations=conversations, messages=messages, answer_chars=chars)
    _say(f"bringing {size / 1e6:,.0f} MB of JSON ({path.stat().st_size / 1e6:,.0f} MB packed)")
    with Watch(stack.pids["worker"]) as watch:
        brought: dict[str, Any] = stack.ask("bench.kit.bring", str(path), f"{name}@example.org")
    path.unlink()
    return {
        "name": name,
        **brought,
        "messages_a_second": round(brought["messages"] / brought["seconds"]),
        "megabytes": round(size / 1e6, 1),
        "memory_before_mb": round(watch.before),
        "memory_highest_mb": round(watch.highest),
    }


def _table(results: dict[str, Any]) -> str:
    head = ("messages", "messages/s", "seconds", "MB of JSON", "memory before, MB", "highest, MB")
    imports = [
        (
            one["name"], f"{one['messages']:,}", f"{one['messages_a_second']:,}", one["seconds"], one["megabytes"],
            one["memory_before_mb"], one["memory_highest_mb"],
        )
        for one in results["imports"]
    ]  # fmt: skip
    exports = [
        (
            one["name"], f"{one['rows']:,}", f"{one['rows_a_second']:,}", one["seconds"], one["megabytes"],
            one["memory_before_mb"], one["memory_highest_mb"],
        )
        for one in results["exports"]
    ]  # fmt: skip
    load = f"Load of the machine: {results['load_before']:.1f} before, {results['load_after']:.1f} after."
    return "\n\n".join((table(("import (worker)", *head), imports), table(("export (web)", *head), exports), load))


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
