"""`bin/run`: the whole product on one box."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from chatplatform.embedded.console import Console
from chatplatform.embedded.errors import StartError, StopAsked
from chatplatform.embedded.ports import claim, in_url
from chatplatform.embedded.procfile import read_procfile, shell_words
from chatplatform.embedded.readiness import Answer, ask_readyz, host_header_for
from chatplatform.embedded.spec import Spec
from chatplatform.embedded.stack import Stack, take_over
from chatplatform.embedded.state import Lock, read_state
from chatplatform.embedded.surroundings import (
    ROOT,
    Surroundings,
    local_model_variables,
    process_environment,
    read_surroundings,
)

_STOP_SECONDS = {"generations": 20.0, "worker": 20.0}
_FAILURES_BEFORE_GIVING_UP = 4
_PATIENCE_SECONDS = 15.0
_WAIT_FOR_MANAGE_SECONDS = 60.0


def main(arguments: list[str] | None = None) -> int:
    """Set up, start everything, keep it alive until somebody asks to stop. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="bin/run", description="Start the whole product. Variables: HOST, PORT, VAR_DIR, VERBOSE and those of .env.example."
    )
    parser.add_argument("--procfile", type=Path, default=ROOT / "Procfile", help="which processes to run")
    parser.add_argument("--unprepared", action="store_true", help="leave out migrations, static files and catalogue")
    options = parser.parse_args(arguments)
    try:
        given = read_surroundings(os.environ)
        os.umask(0o077)  # what the product writes is for its own user
        given.var.create()
        console = Console(verbose=given.verbose)
        lock = _hold(given, console)
        try:
            return _run(given, console, options.procfile.resolve(), unprepared=options.unprepared)
        finally:
            lock.release()
    except StartError as error:
        print(f"bin/run: {error}", file=sys.stderr, flush=True)
        return error.exit_status


def _hold(given: Surroundings, console: Console) -> Lock:
    """Only one supervisor per VAR_DIR; a short command of `bin/manage` is waited for."""
    lock = Lock(given.var.run / "lock")
    deadline, told = time.monotonic() + _WAIT_FOR_MANAGE_SECONDS, False
    while not lock.try_exclusive():
        holder = read_state(given.var.run)
        if (holder and holder.role == "bin/run") or time.monotonic() > deadline:
            raise StartError(take_over(given.var.run, waiting=False))
        if not told:
            console.step(take_over(given.var.run, waiting=True))
            told = True
        time.sleep(0.1)
    return lock


def _run(given: Surroundings, console: Console, procfile: Path, *, unprepared: bool) -> int:
    stack = Stack(given, console, "bin/run")
    try:
        stack.end_left_overs()
        port = claim(given.host, given.port)
        stack.url = f"http://{in_url(given.host)}:{port}"
        stack.services["PORT"] = str(port)
        stack.start_services()
        environment = {**process_environment(given, port=port), **stack.services}
        if not unprepared:
            stack.prepare(environment)
        _start_processes(stack, console, procfile, environment)
        _wait_until_ready(stack, console, given, port)
        console.say(f"Ready: {stack.url}")
        stack.supervisor.forever()
    except StopAsked:
        console.say("Stopping")
    finally:
        stack.stop()
    return 0


def _start_processes(stack: Stack, console: Console, procfile: Path, environment: dict[str, str]) -> None:
    processes = read_procfile(procfile)
    local_model = local_model_variables(environment) if "localmodel" in processes else {}
    if not local_model:
        processes.pop("localmodel", None)
    stack.services.update(local_model)
    environment = {**environment, **local_model}
    console.step(f"Starting {', '.join(processes)}")
    for name, command in processes.items():
        spec = Spec(name, shell_words(command), environment, procfile.parent, stop_seconds=_STOP_SECONDS.get(name, 10.0))
        stack.supervisor.start(spec)


def _wait_until_ready(stack: Stack, console: Console, given: Surroundings, port: int) -> None:
    """Until `/readyz` says so; now and then say what is missing. Raises `StartError` when the web process keeps dying."""
    if "web" not in stack.supervisor.children:
        return
    host_header = host_header_for(given.host, port, given.variables.get("ALLOWED_HOSTS", ""))
    answer = Answer(False, ())

    def looks_ready() -> bool:
        nonlocal answer
        web = stack.supervisor.children["web"]
        if web.failures >= _FAILURES_BEFORE_GIVING_UP:
            raise StartError(f"web does not stay alive: {web.log.last_words()} (log: {web.log.path})")
        answer = ask_readyz(given.host, port, host_header)
        return answer.ready

    while not stack.supervisor.wait_until(looks_ready, seconds=_PATIENCE_SECONDS, every=0.2):
        console.step(f"Still waiting for: {', '.join(answer.missing)} (logs: {given.var.log})")


if __name__ == "__main__":
    sys.exit(main())
