"""How much memory a process takes while something happens."""

from __future__ import annotations

import threading

from bench.kit.download import megabytes


class Watch:
    """The memory of a process with its children, ten times a second."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.before = self.highest = megabytes(pid)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self.highest = max(self.highest, megabytes(self._pid))
