"""What a supervisor notes in VAR_DIR/run, for `bin/manage` beside it and for the next start after a crash."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from chatplatform.embedded.process_table import Recorded


@dataclass(frozen=True, slots=True)
class State:
    """Who holds this VAR_DIR, and with which children. `services` are the variables that reach the embedded servers."""

    role: str  # "bin/run" or "bin/manage"
    pid: int
    url: str = ""
    services: Mapping[str, str] = field(default_factory=dict)
    services_are_up: bool = False
    children: tuple[Recorded, ...] = ()


def write_state(folder: Path, state: State) -> None:
    """Atomically, readable by this user only (it has the password of Valkey)."""
    path = folder / "state.json.new"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(state), file)
    path.replace(folder / "state.json")


def read_state(folder: Path) -> State | None:
    """The last state written; None when there is none or it makes no sense."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        data = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        children: Iterable[dict[str, object]] = data.pop("children")
        return State(**data, children=tuple(Recorded(**child) for child in children))  # type: ignore[arg-type]
    return None


def clear_state(folder: Path) -> None:
    (folder / "state.json").unlink(missing_ok=True)


class Lock:
    """An advisory lock on a file; the kernel gives it back when its holder dies."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def try_exclusive(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def wait_exclusive(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def wait_shared(self, *, for_exec: bool = False) -> None:
        """With `for_exec` the program that replaces this one goes on holding it."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        os.set_inheritable(self._descriptor, for_exec)

    def release(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        os.close(self._descriptor)
