"""`bin/manage`: Django's command line against the same servers as `bin/run`.

Beside a running `bin/run` it uses that one's servers. Otherwise it starts the embedded ones, and stops them when the
last command that uses them has ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from chatplatform.embedded.console import Console
from chatplatform.embedded.errors import StartError
from chatplatform.embedded.stack import Stack, take_over
from chatplatform.embedded.state import Lock, State, read_state
from chatplatform.embedded.surroundings import ROOT, Surroundings, process_environment, read_surroundings

_PATIENCE_SECONDS = 60.0
# Commands that make, change or do without the tables: nothing is prepared before them.
_UNPREPARED = {
    "check", "collectstatic", "compilemessages", "dbshell", "diffsettings", "flush", "help", "makemessages", "makemigrations",
    "migrate", "prepare", "showmigrations", "sqlmigrate", "squashmigrations", "startapp", "version", "--help", "-h", "--version",
}  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run one command of Django. Returns its exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        given = read_surroundings(os.environ)
        given.var.create()
        environment = process_environment(given)
        if not given.needs_postgres and not given.needs_valkey:
            _become(words, environment)
        lock, users = Lock(given.var.run / "lock"), Lock(given.var.run / "users.lock")
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not lock.try_exclusive():
            holder = read_state(given.var.run)
            if holder and _serves(holder, given):
                users.wait_shared(for_exec=True)
                if not lock.try_exclusive():  # still held: its servers stay while we hold `users`
                    _become(words, {**environment, **holder.services})
                break
            if time.monotonic() > deadline:
                raise StartError(take_over(given.var.run, waiting=False))
            time.sleep(0.1)
        return _with_own_servers(given, words, environment, users)
    except KeyboardInterrupt:
        return 130
    except StartError as error:
        print(f"bin/manage: {error}", file=sys.stderr, flush=True)
        return error.exit_status


def _serves(holder: State, given: Surroundings) -> bool:
    """Whether that supervisor has the servers up that we need."""
    wanted = {"DATABASE_URL"} if given.needs_postgres else set()
    wanted |= {"REDIS_URL"} if given.needs_valkey else set()
    return wanted <= set(holder.services) and holder.services_are_up


def _become(words: list[str], environment: dict[str, str]) -> None:
    """Turn into Django's command: terminal, signals and exit status are its own."""
    os.execve(sys.executable, _command(words), environment)  # noqa: S606 - our own interpreter and file


def _with_own_servers(given: Surroundings, words: list[str], environment: dict[str, str], users: Lock) -> int:
    quiet = Console(verbose=given.verbose, stream=sys.stderr)
    stack = Stack(given, quiet, "bin/manage", heed_signals=False)
    mask = os.umask(0o077)
    try:
        stack.end_left_overs()
        stack.start_services()
        environment = {**environment, **stack.services}
        if not words or words[0] not in _UNPREPARED:
            stack.prepare(environment)
        # Ctrl-C reaches the command through the terminal; the servers are stopped when it has ended.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        command = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            _command(words), env=environment, umask=mask, preexec_fn=_heed_interrupts
        )
        signal.signal(signal.SIGTERM, lambda number, frame: command.terminate())
        while not stack.supervisor.wait_until(lambda: command.poll() is not None, seconds=3600, every=0.05):
            continue
        return command.returncode if command.returncode >= 0 else 128 - command.returncode
    finally:
        users.wait_exclusive()  # other commands may be using the servers
        stack.stop()


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _command(words: list[str]) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *words]


if __name__ == "__main__":
    sys.exit(main())
