"""From what was measured to figures, and to tables for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from bench.kit.answer_log import AnswerLog
from bench.kit.figures import spread, table
from bench.kit.load import Measured

OWN = ("web", "generations", "worker", "beat", "supervisor")
SERVICES = ("postgres", "valkey")
RELAY = "relay"
_MEGABYTE = 1_048_576


def figures(measured: Measured, records: Mapping[str, list[int]], own: tuple[str, ...] = OWN) -> dict[str, Any]:
    """Everything about one level of load, ready for JSON. Times in milliseconds unless the name says otherwise."""
    inside = [log for log in measured.answers if measured.began <= log.sent < measured.ended]
    whole = [log for log in inside if log.first and log.marker in records]
    tokens = max(1, measured.tokens)
    own_cpu = sum(measured.cpu.get(name, 0.0) for name in own)
    return {
        "streams": measured.streams,
        "seconds": round(measured.seconds, 1),
        "answers_started": len(inside),
        "answers_checked": len(measured.answers),
        "faults": dict(Counter(fault for log in measured.answers for fault in log.faults)),
        "tokens_per_second": round(measured.tokens / measured.seconds),
        "first_token_overhead": spread((_overhead(log, records[log.marker]) for log in whole), 50, 95),
        "to_provider": spread(((records[log.marker][0] - log.sent) / 1e6 for log in whole), 50, 95),
        "from_provider": spread(((log.first - records[log.marker][1]) / 1e6 for log in whole), 50, 95),
        "post": spread(((log.posted - log.sent) / 1e6 for log in inside), 50, 95),
        "gap": spread(_gaps(measured, "moments"), 50, 95, 99),
        "gap_visible": spread(_gaps(measured, "shown"), 50, 95, 99),
        "fragments_per_second": round(sum(_between(measured, log.moments) for log in measured.answers) / measured.seconds),
        "cpu_seconds": {name: round(seconds, 2) for name, seconds in measured.cpu.items()},
        "own_us_per_token": round(own_cpu / tokens * 1e6),
        "services_us_per_token": round(sum(measured.cpu.get(name, 0.0) for name in SERVICES) / tokens * 1e6),
        "busy_percent": round(100 * measured.busy_seconds / measured.seconds / measured.cores),
        "others_percent": round(100 * (measured.busy_seconds - sum(measured.cpu.values())) / measured.seconds),
        "memory_mb": {
            name: {"rss": round(used.rss / _MEGABYTE, 1), "pss": round(used.pss / _MEGABYTE, 1)} for name, used in measured.memory.items()
        },
    }


def stream_table(levels: list[dict[str, Any]], floors: list[dict[str, Any]]) -> str:
    rows = []
    for name, results in (("product", levels), ("bare relay", floors)):
        rows += [
            (
                name,
                result["streams"],
                result["tokens_per_second"],
                _pair(result["first_token_overhead"]),
                _pair(result["to_provider"]),
                _pair(result["from_provider"]),
                _pair(result["post"]) if name == "product" else "",
                _pair(result["gap"]),
                _pair(result["gap_visible"]) if name == "product" else "",
                result["own_us_per_token"],
                result["services_us_per_token"] or "",
                f"{result['busy_percent']} %",
                f"{result['others_percent']} %",
                sum(result["faults"].values()),
            )
            for result in results
        ]
    header = (
        *("", "streams", "tokens/s", "first token +ms", "to provider", "from provider", "POST ms", "gap ms", "visible ms"),
        *("us/token", "PG+Valkey", "machine", "others", "faults"),
    )
    return table(header, rows)


def process_table(levels: list[dict[str, Any]], idle: Mapping[str, dict[str, float]]) -> str:
    """CPU in percent of one core, memory (PSS) in MB."""
    names = list(levels[-1]["cpu_seconds"])
    rows: list[list[object]] = []
    for name in names:
        cpu = [f"{100 * level['cpu_seconds'].get(name, 0) / level['seconds']:.0f} %" for level in levels]
        used = [f"{level['memory_mb'].get(name, {}).get('pss', 0):.0f}" for level in levels]
        at_rest = idle.get(name)
        rows.append([name, *cpu, f"{at_rest['pss']:.0f}" if at_rest else "", *used])
    header = ["", *(f"CPU at {level['streams']}" for level in levels), "MB idle", *(f"MB at {level['streams']}" for level in levels)]
    return table(header, rows)


def extra_kb(levels: list[dict[str, Any]]) -> float | None:
    """PSS of our own processes for each further stream, from the first level to the last."""
    if len(levels) < 2:
        return None
    first, last = levels[0], levels[-1]
    grown: float = _own_pss(last) - _own_pss(first)
    return round(grown * 1024 / int(last["streams"] - first["streams"]), 1)


def _own_pss(level: dict[str, Any]) -> float:
    return float(sum(used["pss"] for name, used in level["memory_mb"].items() if name in OWN))


def _pair(values: dict[str, float]) -> str:
    return " / ".join(f"{value:.0f}" for value in values.values())


def _overhead(log: AnswerLog, record: list[int]) -> float:
    """What we add: from sending to the first fragment, without the provider's own time from the request to its first token."""
    received, first = record[0], record[1]
    return ((log.first - log.sent) - (first - received)) / 1e6


def _gaps(measured: Measured, name: str) -> list[float]:
    gaps: list[float] = []
    for log in measured.answers:
        moments = getattr(log, name)
        gaps += [(later - earlier) / 1e6 for earlier, later in pairwise(moments) if measured.began <= later < measured.ended]
    return gaps


def _between(measured: Measured, moments: Any) -> int:
    return sum(measured.began <= moment < measured.ended for moment in moments)
