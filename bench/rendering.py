"""What rendering costs: `python -m bench.rendering`. Microseconds per streamed delta, milliseconds per whole answer."""

from __future__ import annotations

import random
import re
from statistics import quantiles
from time import perf_counter

from conversations.rendering import StreamRenderer, render

WORDS = [
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "with", "be", "which", "could", "between", "years", "people", "through",
    "server", "request", "database", "transaction", "worker", "generation", "connection", "latency", "throughput", "memory", "answer",
]  # fmt: skip


def answer(words: int, seed: int = 1) -> str:
    """A varied answer: headings, prose with inline marks, nested lists, tables, code, quotes."""
    chance = random.Random(seed)

    def prose(count: int) -> str:
        plain = [chance.choice(WORDS) for _ in range(count)]
        for place in range(3, count - 3, 11):
            plain[place] = chance.choice(["**{}**", "*{}*", "`{}`", "[{}](https://example.com/page)"]).format(plain[place])
        return " ".join(plain).capitalize() + "."

    def listing(mark: str) -> str:
        items = [f"{mark} **{prose(2)}** {prose(chance.randint(8, 24))}\n" for _ in range(chance.randint(3, 7))]
        return "".join(item + (f"   - {prose(9)}\n" if chance.random() < 0.4 else "") for item in items) + "\n"

    def table() -> str:
        rows = [f"| {prose(2)} | {prose(4)} | {chance.randint(1, 999)} |\n" for _ in range(chance.randint(3, 8))]
        return "| Name | Meaning | Count |\n|---|:--|--:|\n" + "".join(rows) + "\n"

    def code() -> str:
        body = "".join(f"    value_{n} = compute({n}, name='{chance.choice(WORDS)}')  # {prose(4)}\n" for n in range(chance.randint(4, 16)))
        return f"```python\ndef run(argument: int) -> int:\n{body}    return value_0\n```\n\n"

    makers = [lambda: prose(chance.randint(30, 90)) + "\n\n"] * 4 + [
        lambda: f"## {prose(4)}\n\n", lambda: listing("-"), lambda: listing("1."), table, code, lambda: f"> {prose(25)}\n\n",
    ]  # fmt: skip
    parts: list[str] = []
    while sum(len(part.split()) for part in parts) < words:
        parts.append(chance.choice(makers)())
    return "".join(parts)


def deltas(text: str, tokens: int = 2) -> list[str]:
    """The text in pieces of about so many tokens."""
    pieces = re.findall(r" ?\w{1,7}|\s+|[^\w\s]{1,3}", text)
    return ["".join(pieces[start : start + tokens]) for start in range(0, len(pieces), tokens)]


def measure(text: str) -> tuple[list[float], int]:
    """Microseconds of each `feed`, and the bytes of all fragments."""
    renderer, times, wire = StreamRenderer(), [], 0
    for delta in deltas(text):
        start = perf_counter()
        fragment = renderer.feed(delta)
        times.append((perf_counter() - start) * 1e6)
        wire += len(fragment.closed) + len(fragment.tail or "") + len(fragment.append or "")
    if renderer.html != render(text):
        raise SystemExit("The streamed answer differs from the whole one.")
    return times, wire


def main() -> None:
    """Print the figures."""
    text = answer(3000)
    render(text)  # loads the lexers
    runs = [measure(text) for _ in range(7)]
    times, wire = [min(same) for same in zip(*(times for times, _ in runs), strict=True)], runs[0][1]
    centiles = quantiles(times, n=100)
    print(f"feed, {len(times)} deltas of 2 tokens, {len(text):,} characters: mean {sum(times) / len(times):.0f} us,", end=" ")
    print(f"p50 {centiles[49]:.0f}, p95 {centiles[94]:.0f}, p99 {centiles[98]:.0f}, max {max(times):.0f}; wire {wire / len(text):.0f}x")
    for size in (5_000, 40_000):
        piece = answer(size // 4)[:size]
        whole = []
        for _ in range(7):
            start = perf_counter()
            render(piece)
            whole.append((perf_counter() - start) * 1e3)
        print(f"render {size // 1000} kB: {min(whole):.1f} ms")
    unbroken = "x" * 1_000_000
    start = perf_counter()
    renderer = StreamRenderer()
    for place in range(0, len(unbroken), 8):
        renderer.feed(unbroken[place : place + 8])
    print(f"feed, 1 MB of unbroken text in deltas of 8 characters: {perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
