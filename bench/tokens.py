"""Counting tokens: how far a hold's input lies above the truth for each kind of text, and how fast counting is."""

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
from bench.kit.token_texts import recorded, texts, unbroken
from providers.tokens import count_tokens, upper_bound
from providers.types import Provider

NEWER_CLAUDE = 1.35  # so many tokens for one of the older tokenizer, as its maker says
OPEN_MODELS = ("gemma_3", "llama_3", "qwen_3", "deepseek_v3", "smollm2")
_ALLOWED = 0.98
_TIMED_BYTES = 2_000_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench tokens", description=__doc__)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    results: dict[str, Any] = {"load": _load(), "kinds": [_kind(name, text) for name, text in texts().items()], "unbroken": _unbroken()}
    print(_tables(results))
    if options.json:
        options.json.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    sys.exit(1 if any(one["faults"] for one in results["kinds"]) else 0)


def bound(provider: Provider, text: str, model_id: str = "") -> int:
    """The bound of the text alone, without what messages and requests get for their frame."""
    size = len(text.encode())
    whole = upper_bound(provider, count_tokens(text), size, 0, text_chars=len(text), model_id=model_id)
    return whole - upper_bound(provider, 0, 0, 0)


def _load() -> dict[str, float]:
    process, before, began = psutil.Process(), psutil.Process().memory_info().rss, time.perf_counter()
    count_tokens("The first count loads the vocabulary.")
    return {"milliseconds": (time.perf_counter() - began) * 1e3, "megabytes": (process.memory_info().rss - before) / 1e6}


def _kind(name: str, text: str) -> dict[str, Any]:
    truth = recorded()[name]
    claude = min(len(text.encode()), truth["claude_2023"] * NEWER_CLAUDE)
    held = {
        "openai": (bound(Provider.OPENAI, text), truth["o200k"]),
        "older openai": (bound(Provider.OPENAI, text, "gpt-4-turbo"), truth["cl100k"]),
        "anthropic": (bound(Provider.ANTHROPIC, text), claude),
        "gemini": (bound(Provider.GEMINI, text), truth["gemma_3"]),
        "open models": (bound(Provider.OPENAI_COMPATIBLE, text), max(truth[name] for name in OPEN_MODELS)),
    }
    counted = count_tokens(text)
    return {
        "name": name,
        "tokens": counted,
        "error_percent": 100 * (counted / truth["o200k"] - 1),
        "over": {who: most / real for who, (most, real) in held.items()},
        "mb_a_second": _speed(text),
        "faults": [who for who, (most, real) in held.items() if most < _ALLOWED * real] + ["o200k"] * (counted != truth["o200k"]),
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
