"""The embedded servers of one VAR_DIR under one supervisor: what `bin/run` and `bin/manage` share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from chatplatform.embedded.console import Console
from chatplatform.embedded.errors import StartError
from chatplatform.embedded.fingerprint import fingerprint, is_current
from chatplatform.embedded.postgres import Postgres, open_postgres
from chatplatform.embedded.process_table import end_all
from chatplatform.embedded.spec import Spec
from chatplatform.embedded.state import State, clear_state, read_state, write_state
from chatplatform.embedded.supervisor import STOP_SIGNALS, Supervisor
from chatplatform.embedded.surroundings import ROOT, Surroundings
from chatplatform.embedded.valkey import Valkey, open_valkey

_LEFT_OVER_SECONDS = 3.0
_STOP_ORDER = (("web", "beat"), ("worker", "generations"), ("localmodel",), ("valkey",), ("postgres",))


class Stack:
    """Holds the servers and the notes about them. The caller holds the lock of VAR_DIR."""

    def __init__(self, given: Surroundings, console: Console, role: str, *, heed_signals: bool = True) -> None:
        self.given = given
        self.role = role
        self.url = ""
        self.services: dict[str, str] = {}  # the variables that reach what this run has started
        self._services_are_up = False
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self._console = console
        signals = STOP_SIGNALS if heed_signals else ()
        self.supervisor = Supervisor(given.var.log, console, on_change=self.note, stop_signals=signals)

    def end_left_overs(self) -> None:
        """What an earlier supervisor that was killed has left behind; after this the servers' folders are ours alone."""
        earlier = read_state(self.given.var.run)
        ended = end_all(earlier.children if earlier else (), grace_seconds=_LEFT_OVER_SECONDS)
        servers = (self._open_postgres(), self._open_valkey())
        ended += end_all([found for server in servers if server and (found := server.left_over())], grace_seconds=_LEFT_OVER_SECONDS)
        if ended:
            names = ", ".join(process.name for process in ended)
            self._console.step(f"The last run was killed; ended what it left behind: {names}")
        self.note()

    def start_services(self) -> None:
        """Start the embedded servers that are needed and wait until both answer. Raises `StartError`."""
        variables = self.given.variables
        if self.postgres:
            self._console.step("Starting embedded PostgreSQL")
            self.supervisor.start(self.postgres.spec())
            self.services["DATABASE_URL"] = self.postgres.url
        if self.valkey:
            self._console.step("Starting embedded Valkey")
            self.valkey = self.valkey.with_free_port()
            self.supervisor.start(self.valkey.spec({"PATH": variables.get("PATH", os.defpath), "LC_ALL": "C"}))
            self.services["REDIS_URL"] = self.valkey.url
        for name, server in (("postgres", self.postgres), ("valkey", self.valkey)):
            if server and not self.supervisor.wait_until(server.is_ready, seconds=60, every=0.02):
                said = self.supervisor.children[name].log.last_words()
                raise StartError(f"{name} does not start: {said} (log: {self.given.var.log / name}.log)")
        self._services_are_up = True
        self.note()

    def prepare(self, environment: dict[str, str]) -> None:
        """Migrations, static files, catalogue, plans: one process, left out when nothing has changed since the last time."""
        stamp, static = self.given.var.run / "prepared", self.given.var.root / "static"
        if self.postgres and is_current(stamp, fingerprint(ROOT, static, self.postgres, environment)):
            self._console.step("Database and static files are up to date")
            return
        self._console.step("Preparing database, static files and model catalogue (the first time takes longest)")
        stamp.unlink(missing_ok=True)
        command = (sys.executable, str(ROOT / "manage.py"), "prepare")
        done = self.supervisor.run_once(Spec("prepare", command, environment, ROOT, stop_seconds=5.0))
        if done.status:
            raise StartError(f"Preparing failed: {done.log.last_words()} (log: {done.log.path})")
        if self.postgres:
            stamp.write_text(fingerprint(ROOT, static, self.postgres, environment), encoding="ascii")

    def stop(self) -> None:
        """Everything, in order; then nothing is left to note."""
        self._services_are_up = False
        self.supervisor.stop_all(_STOP_ORDER, needed_to_the_end=("valkey", "postgres"))
        if self.postgres:
            self.postgres.tidy()
        clear_state(self.given.var.run)

    def note(self) -> None:
        """Write down who is alive."""
        children = tuple(child.recorded for child in self.supervisor.children.values() if child.is_alive and child.recorded)
        up = self._services_are_up
        write_state(self.given.var.run, State(self.role, os.getpid(), self.url, self.services, up, children))

    def _open_postgres(self) -> Postgres | None:
        if self.given.needs_postgres:
            if not (self.given.var.postgres / "data").exists():
                self._console.step("Making a new PostgreSQL data folder")
            self.postgres = open_postgres(self.given.var)
        return self.postgres

    def _open_valkey(self) -> Valkey | None:
        if self.given.needs_valkey:
            self.valkey = open_valkey(self.given.var)
        return self.valkey


def take_over(folder: Path, waiting: bool) -> str:
    """One line about who holds this VAR_DIR."""
    holder = read_state(folder)
    who = f"{holder.role} (process {holder.pid}{', ' + holder.url if holder.url else ''})" if holder else "another bin/run"
    if waiting:
        return f"Waiting for {who}, which uses the same VAR_DIR"
    return f"{who} is already running on this VAR_DIR; stop it first, or set VAR_DIR (and PORT) for a second one"
