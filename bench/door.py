"""Ten thousand sign-in attempts within a minute from one address, and how much slower that is for somebody at another one."""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from bench.kit.figures import table
from bench.kit.processes import cpu_seconds
from bench.kit.stack import HOST, Stack

THIEF, OTHER = "127.0.0.1", "127.0.0.2"
PASSWORD = "a sparrow on the roof"
_CONNECTIONS = 16


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench door", description=__doc__)
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    with Stack({}) as stack:
        load = os.getloadavg()[0]
        email = stack.ask("bench.kit.door_people", PASSWORD)["email"]
        found = asyncio.run(_measure(stack, email, options.attempts, options.seconds))
    results = {"load_before": load, "load_after": os.getloadavg()[0], **found}
    print(_table(results))
    if options.json:
        options.json.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    answers: Counter[int] = Counter({int(status): count for status, count in results["answers"].items()})
    sys.exit(
        "Somebody else was refused." if results["refused_others"] else "Attempts were lost." if answers.total() < options.attempts else 0
    )


async def _measure(stack: Stack, email: str, attempts: int, seconds: float) -> dict[str, Any]:
    origin, pids = f"http://{HOST}:{stack.port}", stack.pids
    quiet = await _bystander(origin, email, min(seconds, 20))
    before, began = cpu_seconds(pids)["web"], time.monotonic()
    flood = asyncio.create_task(_flood(origin, attempts, seconds))
    loud = await _bystander(origin, email, seconds)
    answers = await flood
    took = time.monotonic() - began
    return {
        "attempts": attempts,
        "seconds": round(took, 1),
        "a_second": round(attempts / took),
        "answers": {str(status): count for status, count in answers.items()},
        "web_cpu_seconds": round(cpu_seconds(pids)["web"] - before, 1),
        "quiet": quiet["times"],
        "loud": loud["times"],
        "refused_others": quiet["refused"] + loud["refused"],
    }


async def _flood(origin: str, attempts: int, seconds: float) -> Counter[int]:
    """On a schedule, over so many connections; a slow answer delays what comes behind it on its connection alone."""
    answers: Counter[int] = Counter()
    began, numbers = time.monotonic(), iter(range(attempts))

    async def one(session: aiohttp.ClientSession) -> None:
        for number in numbers:
            await asyncio.sleep(max(0.0, began + number * seconds / attempts - time.monotonic()))
            async with session.post(
                f"{origin}/accounts/login/", data={"login": "kim@example.org", "password": f"guess {number}"}
            ) as response:
                await response.read()
                answers[response.status] += 1

    connector = aiohttp.TCPConnector(limit=_CONNECTIONS, local_addr=(THIEF, 0))
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(one(session) for _ in range(_CONNECTIONS)))
    return answers


async def _bystander(origin: str, email: str, seconds: float) -> dict[str, Any]:
    """Opens the sign-in page, signs in, opens the chat, signs out; again until the time is over. Milliseconds of each."""
    times: dict[str, list[float]] = {"sign-in page": [], "signing in": [], "chat page": []}
    refused, ends = 0, time.monotonic() + seconds

    async def timed(name: str, asking: Any) -> int:
        began = time.monotonic()
        async with asking as response:
            await response.read()
            times[name].append(1000 * (time.monotonic() - began))
            return int(response.status)

    while time.monotonic() < ends:
        jar, connector = aiohttp.CookieJar(unsafe=True), aiohttp.TCPConnector(local_addr=(OTHER, 0))
        async with aiohttp.ClientSession(cookie_jar=jar, connector=connector) as session:
            statuses = [await timed("sign-in page", session.get(f"{origin}/accounts/login/"))]
            token = next(cookie.value for cookie in jar if cookie.key == "csrftoken")
            given = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token}
            asking = session.post(f"{origin}/accounts/login/", data=given, headers={"Origin": origin}, allow_redirects=False)
            statuses.append(await timed("signing in", asking))
            statuses.append(await timed("chat page", session.get(f"{origin}/c/")))
        refused += statuses != [200, 302, 200]
        await asyncio.sleep(1.5)  # fewer than sixty a minute: nobody's limit
    return {"times": {name: _summary(values) for name, values in times.items()}, "refused": refused}


def _summary(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {"median": round(statistics.median(ordered), 1), "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 1), "count": len(ordered)}


def _table(results: dict[str, Any]) -> str:
    rows = [
        (name, quiet["median"], quiet["p95"], loud["median"], loud["p95"], round(loud["median"] / quiet["median"], 2))
        for (name, quiet), loud in zip(results["quiet"].items(), results["loud"].values(), strict=True)
    ]
    head = ("somebody else", "quiet: median, ms", "p95, ms", "flood: median, ms", "p95, ms", "ratio")
    answers = ", ".join(f"{count:,} x {status}" for status, count in results["answers"].items())
    said = f"{results['attempts']:,} attempts in {results['seconds']} s ({results['a_second']} a second): {answers}."
    cost = f"Web took {results['web_cpu_seconds']} s of a processor for all of it. Others refused: {results['refused_others']}."
    load = f"Load of the machine: {results['load_before']:.1f} before, {results['load_after']:.1f} after."
    return "\n".join((table(head, rows), "", said, cost, load))


if __name__ == "__main__":
    main()
