"""The terminal: what `bin/run` says to a person."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TextIO


class Console:
    """Plain lines; a closed terminal is no reason to fall over."""

    def __init__(self, *, verbose: bool = False, stream: TextIO | None = None) -> None:
        self.verbose = verbose
        self._stream = stream or sys.stdout
        self._started = time.monotonic()

    def say(self, text: str) -> None:
        with suppress(OSError, ValueError):
            print(text, file=self._stream, flush=True)

    def step(self, text: str) -> None:
        """Progress, with the seconds since the start."""
        self.say(f"[{time.monotonic() - self._started:5.1f} s] {text}")

    def child(self, name: str, text: str) -> None:
        """A line of a child process."""
        self.say(f"{name:>11} | {text}")
