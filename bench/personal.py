"""Taking everything of one person along, and erasing them: seconds and memory, with as many conversations as you like."""

from __future__ import annotations

import argparse
import os
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from bench.kit.figures import table
from bench.kit.leave import MARK
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
        marked = _traces(stack)
        rows = []
        for name in ("export", "erase"):
            _say(name)
            with Watch(stack.pids["worker"]) as watch:
                found: dict[str, Any] = stack.ask("bench.kit.leave", name, _EMAIL)
            rows.append({"name": name, **found, "memory_before_mb": round(watch.before), "memory_highest_mb": round(watch.highest)})
            if name == "export":
                marked["files"] = _traces(stack)["files"]
        left = _traces(stack)
    results = {"load_before": load, "load_after": os.getloadavg()[0], **seeded, "steps": rows, "marked": marked, "traces": left}
    print(_table(results))
    if options.json:
        options.json.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    faults = [row["name"] for row in rows if not row["done"]] + (["traces"] if any(left.values()) else [])
    faults += [f"{place} were never marked" for place, found in marked.items() if place != "redis" and not found]
    faults += [f"{row['name']} with {row['memory_highest_mb']} MB" for row in rows if row["memory_highest_mb"] >= _MOST_MB]
    sys.exit(f"Not everything went through: {', '.join(faults)}" if faults else 0)


def _traces(stack: Stack) -> dict[str, list[str]]:
    """Where the address or the mark of every text is found."""
    found: dict[str, list[str]] = stack.ask("bench.kit.leave", "traces", _EMAIL)
    return {**found, "files": _files_with(stack.folder / "var", _EMAIL.encode(), MARK.encode())}


def _files_with(folder: Path, *words: bytes) -> list[str]:
    """All but the database's own: it keeps what was overwritten until it writes there again (VACUUM, WAL), as every PostgreSQL does.

    Archives are looked into.
    """
    files = (path for path in folder.rglob("*") if path.is_file() and "postgres" not in path.relative_to(folder).parts[0])
    return [str(path.relative_to(folder)) for path in files if any(word in part for part in _parts(path) for word in words)]


def _parts(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def _table(results: dict[str, Any]) -> str:
    head = ("", "conversations", "messages", "seconds", "MB of ZIP", "worker before, MB", "highest, MB")
    rows = [
        (
            step["name"], f"{results['conversations']:,}", f"{results['messages']:,}", step["seconds"], step.get("megabytes", ""),
            step["memory_before_mb"], step["memory_highest_mb"],
        )
        for step in results["steps"]
    ]  # fmt: skip
    before, left = (
        ", ".join(f"{name}: {', '.join(found) or 'none'}" for name, found in results[which].items()) for which in ("marked", "traces")
    )
    load = f"Load of the machine: {results['load_before']:.1f} before, {results['load_after']:.1f} after."
    return f"{table(head, rows)}\n\nMarked before (files: after the export): {before}.\nTraces left: {left}.\n{load}"


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
