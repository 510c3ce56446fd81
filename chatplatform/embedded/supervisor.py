"""The supervisor: one thread that starts, watches, restarts and stops children in order."""

from __future__ import annotations

import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType

from chatplatform.embedded.child import Child
from chatplatform.embedded.console import Console
from chatplatform.embedded.errors import StartError, StopAsked
from chatplatform.embedded.spec import Spec

_ANNOUNCED_FAILURES = 6
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Owns every child. All of its work happens in `wait_until`, `forever` and `stop_all`."""

    def __init__(
        self,
        log_folder: Path,
        console: Console,
        *,
        on_change: Callable[[], None] = lambda: None,
        stop_signals: tuple[signal.Signals, ...] = STOP_SIGNALS,
    ) -> None:
        self.children: dict[str, Child] = {}
        self.stops_asked = 0
        self._log_folder = log_folder
        self._console = console
        self._on_change = on_change
        self._selector = selectors.DefaultSelector()
        self._stopping = False
        self._listen_to_signals(stop_signals)

    # --- what a caller asks for -------------------------------------------------------------------------------

    def start(self, spec: Spec) -> Child:
        """Start a process and keep it alive from now on. Raises `StartError` when it cannot even be tried."""
        child = self.children[spec.name] = Child(spec, self._log_folder, self._console)
        try:
            self._launch(child)
        except OSError as error:
            raise StartError(f"{spec.name}: cannot be started: {error}") from error
        return child

    def run_once(self, spec: Spec) -> Child:
        """Run a process to its end while the others are looked after; `status` of the answer tells how it went."""
        child = self.children[spec.name] = Child(spec, self._log_folder, self._console, keep=False)
        try:
            self._launch(child)
            while child.is_alive:
                self._turn(60.0)
        except OSError as error:
            raise StartError(f"{spec.name}: cannot be started: {error}") from error
        finally:
            if child.is_alive:
                self._stop([child])
            del self.children[spec.name]
            child.log.close()
        return child

    def wait_until(self, condition: Callable[[], bool], *, seconds: float, every: float = 0.1) -> bool:
        """Look after everybody until the condition holds (True) or the time is over (False). Raises `StopAsked`."""
        deadline = time.monotonic() + seconds
        while not condition():
            next_look = time.monotonic() + every
            if next_look > deadline:
                return False
            while (left := next_look - time.monotonic()) > 0:
                self._turn(left)
        return True

    def forever(self) -> None:
        """Look after everybody until somebody asks to stop: raises `StopAsked`."""
        while True:
            self._turn(60.0)

    def stop_all(self, order: Iterable[Iterable[str]], *, needed_to_the_end: Iterable[str] = ()) -> None:
        """Stop group after group: the names of each group together, names that no group has with the first one.

        Meanwhile nothing is started again but what is `needed_to_the_end` (a server that dies while others still use it).
        """
        groups = [list(group) for group in order]
        named = {name for group in groups for name in group}
        groups[0] += [name for name in self.children if name not in named]
        self._stopping = True
        for name, child in self.children.items():
            if name not in needed_to_the_end:
                child.keep, child.start_at = False, None
        for group in groups:
            self._stop([self.children[name] for name in group if name in self.children])

    # --- how it works -----------------------------------------------------------------------------------------

    def _listen_to_signals(self, stop_signals: tuple[signal.Signals, ...]) -> None:
        """A signal wakes the selector; nothing is done inside a handler."""
        self._waker, wakes = socket.socketpair()
        for end in (self._waker, wakes):
            end.setblocking(False)
        self._wakes = wakes
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        for number in stop_signals:
            signal.signal(number, self._count_stop)
        self._selector.register(self._waker, selectors.EVENT_READ, None)

    def _count_stop(self, number: int, frame: FrameType | None) -> None:
        self.stops_asked += 1

    def _launch(self, child: Child) -> None:
        child.start()
        if child.output is not None:
            self._selector.register(child.output, selectors.EVENT_READ, child)
        self._on_change()

    def _turn(self, seconds: float) -> None:
        """One round: wait for output, signals or the next start that is due; then look after everybody."""
        self._heed_stop()
        due = [child.start_at - time.monotonic() for child in self.children.values() if child.start_at is not None]
        for key, _ in self._selector.select(max(0.0, min([seconds, *due]))):
            if key.data is None:
                self._drain_waker()
            elif not key.data.read():
                self._selector.unregister(key.fd)
        self._heed_stop()
        for child in list(self.children.values()):
            self._look_after(child)

    def _heed_stop(self) -> None:
        if self.stops_asked and not self._stopping:
            raise StopAsked

    def _drain_waker(self) -> None:
        try:
            while self._waker.recv(4096):
                pass
        except BlockingIOError:
            return

    def _look_after(self, child: Child) -> None:
        if child.has_died():
            if child.output is not None and child.output in self._selector.get_map():
                self._selector.unregister(child.output)
            child.bury()
            if child.start_at is not None:
                self._announce(child, ending(child.status))
        elif child.start_at is not None and child.start_at <= time.monotonic():
            try:
                self._launch(child)
            except OSError as error:
                child.plan_next_start()
                self._announce(child, f"cannot be started: {error}")

    def _announce(self, child: Child, what: str) -> None:
        if child.failures > _ANNOUNCED_FAILURES:
            return
        last = "; from now on this is not said again" if child.failures == _ANNOUNCED_FAILURES else ""
        pause = max(0.0, (child.start_at or 0.0) - time.monotonic())
        self._console.say(f"{child.spec.name}: {what}; starting it again in {pause:.1f} s (log: {child.log.path}){last}")

    def _stop(self, children: list[Child]) -> None:
        """Ask them to stop; by force when their time is over, or at once when somebody asked a second time."""
        was_stopping, self._stopping = self._stopping, True
        for child in children:
            child.ask_to_stop()
        while any(child.is_alive for child in children):
            for child in children:
                child.press(hasten=self.stops_asked > 1)
            self._turn(0.1)
        self._stopping = was_stopping
        self._on_change()


def ending(status: int | None) -> str:
    """How a process ended, in words."""
    if status is not None and status < 0:
        try:
            return f"ended by {signal.Signals(-status).name}"
        except ValueError:
            return f"ended by signal {-status}"
    return f"ended with status {status}"
