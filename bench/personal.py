"""Taking everything of one person along, and erasing them: seconds and memory, with as many conversations as you like."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from bench.kit.figures import table
from bench.kit.stack import Stack
from bench.kit.watch import Watch

_EMAIL = "unmistakable-person@example.org"
_MOST_MB = 300  # of the worker, however much somebody has


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench personal", description=__doc__)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=10, help="in each conversation")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    with Stack({"ACCOUNT_GRACE_DAYS": "0"}) as stack:
        load = os.getloadavg()[0]
        _say(f"writing {options.conversations:,} conversations of {options.messages} messages")
        seeded = stack.ask("bench.kit.leave", "seed", _EMAIL, str(options.conversations), str(options.messages))
        rows = []
        for name in ("export", "erase"):
            _say(name)
            with Watch(stack.pids["worker"]) as watch:
                found: dict[str, Any] = stack.ask("bench.kit.leave", name, _EMAIL)
            rows.append({"name": name, **found, "memory_before_mb": round(watch.before), "memory_highest_mb": round(watch.highest)})
        left = stack.ask("bench.kit.leave", "traces", _EMAIL)
        left["files"] = _files_with(stack.folder / "var", _EMAIL.encode())
    results = {"load_before": load, "load_after": os.getloadavg()[0], **seeded, "steps": rows, "traces": left}
    print(_table(results))
    if options.json:
        options.json.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    faults = [row["name"] for row in rows if not row["done"]] + (["traces"] if any(left.values()) else [])
    faults += [f"{row['name']} with {row['memory_highest_mb']} MB" for row in rows if row["memory_highest_mb"] >= _MOST_MB]
    sys.exit(f"Not everything went through: {', '.join(faults)}" if faults else 0)


def _files_with(folder: Path, words: bytes) -> list[str]:
    """All but the database's own: it keeps what was overwritten until it writes there again (VACUUM, WAL), as every PostgreSQL does."""
    files = (path for path in folder.rglob("*") if path.is_file() and "postgres" not in path.relative_to(folder).parts[0])
    return [str(path.relative_to(folder)) for path in files if words in path.read_bytes()]


def _table(results: dict[str, Any]) -> str:
    head = ("", "conversations", "messages", "seconds", "MB of ZIP", "worker before, MB", "highest, MB")
    rows = [
        (
            step["name"], f"{results['conversations']:,}", f"{results['messages']:,}", step["seconds"], step.get("megabytes", ""),
            step["memory_before_mb"], step["memory_highest_mb"],
        )
        for step in results["steps"]
    ]  # fmt: skip
    left = ", ".join(f"{name}: {', '.join(found) or 'none'}" for name, found in results["traces"].items())
    load = f"Load of the machine: {results['load_before']:.1f} before, {results['load_after']:.1f} after."
    return f"{table(head, rows)}\n\nTraces left: {left}.\n{load}"


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
