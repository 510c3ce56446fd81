"""One supervised process: started, watched, started again, stopped."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from chatplatform.embedded.child_log import ChildLog
from chatplatform.embedded.console import Console
from chatplatform.embedded.process_table import Recorded, birth
from chatplatform.embedded.spec import Spec

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
_STEADY_SECONDS = 10.0  # alive for so long: the next death counts as the first
_PR_SET_PDEATHSIG = 1


class Child:
    """A process that should be alive (`keep`), or run once. `failures` counts deaths in a row."""

    def __init__(self, spec: Spec, log_folder: Path, console: Console, *, keep: bool = True) -> None:
        self.spec = spec
        self.keep = keep
        self.log = ChildLog(log_folder, spec.name, spec.alarm, console)
        self.process: subprocess.Popen[bytes] | None = None
        self.recorded: Recorded | None = None
        self.status: int | None = None  # of its last end
        self.failures = 0
        self.hastened = False
        self.start_at: float | None = None  # when to start it again; None: it runs, or should not
        self.stop_deadline: float | None = None
        self._started_at = 0.0

    @property
    def is_alive(self) -> bool:
        return self.process is not None

    def start(self) -> None:
        """Start it. Raises `OSError` when that is impossible."""
        spec = self.spec
        self.start_at = None
        self._started_at = time.monotonic()
        spec.before_start()
        who: dict[str, Any] = {"user": spec.user[0], "group": spec.user[1], "extra_groups": []} if spec.user else {}
        self.process = subprocess.Popen(  # noqa: S603 - our own specifications
            spec.command,
            cwd=spec.folder,
            env=dict(spec.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the supervisor, which stops its children in order
            preexec_fn=_end_with(os.getpid(), spec.stop_signal),  # safe: the supervisor has one thread
            **who,
        )
        self.recorded = Recorded(spec.name, self.process.pid, birth(self.process.pid) or "", spec.stop_signal)
        if self.process.stdout:
            os.set_blocking(self.process.stdout.fileno(), False)

    def read(self) -> bool:
        """Move what it has printed into its log; False when nothing will come any more."""
        if self.process is None or self.process.stdout is None:
            return False
        with suppress(BlockingIOError):
            while data := os.read(self.process.stdout.fileno(), 65_536):
                self.log.feed(data)
            return False
        return True

    @property
    def output(self) -> int | None:
        """The descriptor that its output comes from."""
        return self.process.stdout.fileno() if self.process and self.process.stdout else None

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> None:
        """After its death: keep its last words and its status, and set the moment of its next start."""
        if self.process is None:
            return
        self.read()
        if self.process.stdout:
            self.process.stdout.close()
        self.status, self.process = self.process.returncode, None
        self.plan_next_start()

    def plan_next_start(self) -> None:
        """Sooner after a steady life, later and later after deaths in a row; never when it was asked to stop."""
        steady = time.monotonic() - self._started_at > _STEADY_SECONDS
        self.failures = 1 if steady else self.failures + 1
        if self.keep and self.stop_deadline is None:
            self.start_at = time.monotonic() + pause_before_start(self.failures)

    def ask_to_stop(self) -> None:
        """Send its stop signal; it is ended by force when its time is over."""
        self.start_at = None
        self.stop_deadline = time.monotonic() + self.spec.stop_seconds
        self.log.quiet = True
        self.send(self.spec.stop_signal)

    def press(self, *, hasten: bool) -> None:
        """While it stops: force when its time is over, less patience when somebody asked twice."""
        overdue = self.stop_deadline is not None and time.monotonic() > self.stop_deadline
        if not self.is_alive or not (overdue or (hasten and not self.hastened)):
            return
        self.hastened = True
        self.stop_deadline = time.monotonic() + 5.0
        self.send(signal.SIGKILL if overdue else self.spec.hasten_signal)

    def send(self, number: int) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)


def pause_before_start(failures: int) -> float:
    """Seconds to wait after the n-th death in a row: 0.2, 0.4, 0.8 ... 5."""
    return float(min(FIRST_PAUSE_SECONDS * 2 ** (failures - 1), LONGEST_PAUSE_SECONDS))


def _end_with(parent: int, number: int) -> Any:
    """For the child, before it becomes its program: when the supervisor is killed, the kernel sends it its stop signal."""
    if sys.platform != "linux":
        return None  # there the next start ends what is left
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return tie
