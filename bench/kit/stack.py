"""The whole product on a stack of its own: a new folder, a free port, embedded servers; nothing is shared with `bin/run`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from chatplatform.embedded.ports import free_port
from chatplatform.embedded.state import State, read_state
from chatplatform.embedded.surroundings import ROOT, process_environment, read_surroundings

HOST = "127.0.0.1"
_START_SECONDS = 180
_STOP_SECONDS = 60
# What a person's own set-up may hold and a measurement must not see.
_FOREIGN = (
    *("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "STRIPE_SECRET_KEY", "SENTRY_DSN"),
    *("DATABASE_URL", "REDIS_URL", "BASE_URL", "ALLOWED_HOSTS", "DEBUG"),
)
# The same duties as the lines of the Procfile, by another server.
SERVERS = {
    "daphne": "python -m daphne --bind {host} --port {port} --verbosity 0 --no-server-name --application-close-timeout 10 {app}",
    "uvicorn": "python -m uvicorn --host {host} --port {port} --log-level warning --no-access-log --no-server-header {app}",
}


class Process:
    """A child of the benchmark; with `wait` its first line of output says that it is ready."""

    def __init__(self, command: list[str], environment: Mapping[str, str] | None = None, *, wait: bool = True) -> None:
        full = {**os.environ, **(environment or {})}
        self.child = subprocess.Popen(command, cwd=ROOT, env=full, stdout=subprocess.PIPE if wait else None, text=True)
        self.first_line = self.child.stdout.readline().strip() if self.child.stdout else ""

    @property
    def pid(self) -> int:
        return self.child.pid

    def stop(self) -> None:
        self.child.send_signal(signal.SIGTERM)
        self.child.wait(_STOP_SECONDS)


class FakeProvider(Process):
    def __init__(self, rate: float, delay_seconds: float) -> None:
        command = [sys.executable, "-m", "bench.kit.fake_provider", "--rate", str(rate), "--delay", str(delay_seconds)]
        super().__init__(command)
        self.port = int(self.first_line)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/v1"


class Stack:
    """`with Stack(...) as stack:` starts the product as `bin/run` does and ends it, whatever happens."""

    def __init__(self, variables: Mapping[str, str], *, server: str = "daphne") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="chat-bench-"))
        self.folder.chmod(0o755)  # embedded PostgreSQL may run as another user
        self.port = free_port(HOST)
        self.server = server
        own = {
            "HOST": HOST,
            "PORT": str(self.port),
            "VAR_DIR": str(self.folder / "var"),
            "PYTHONPATH": str(ROOT),
            "LOCAL_MODEL": "off",
            "LOG_LEVEL": "warning",
            **dict.fromkeys(_FOREIGN, ""),
        }
        self.variables = {**os.environ, **own, **variables}

    def __enter__(self) -> Stack:
        began = time.monotonic()
        command = [sys.executable, "-m", "chatplatform.embedded.run", "--procfile", str(self._procfile())]
        self.child = subprocess.Popen(
            command, cwd=ROOT, env=self.variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        self._ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        while not self._ready.wait(0.2):
            if self.child.poll() is not None or time.monotonic() - began > _START_SECONDS:
                self.__exit__()
                raise SystemExit(f"The product did not start; see {self.folder}")
        return self

    def __exit__(self, *reason: object) -> None:
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            self.child.wait(_STOP_SECONDS)
        if self._ready.is_set() and not os.environ.get("BENCH_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def state(self) -> State:
        state = read_state(self.folder / "var" / "run")
        assert state is not None
        return state

    @property
    def pids(self) -> dict[str, int]:
        """Every process by its name in the Procfile, the embedded servers, and the supervisor."""
        state = self.state
        return {"supervisor": state.pid, **{child.name: child.pid for child in state.children}}

    def ask(self, module: str, *arguments: str) -> Any:
        """Run one of our modules against this stack's servers, to its end; what it prints is JSON."""
        environment = {**process_environment(read_surroundings(self.variables)), **self.state.services}
        done = subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
        return orjson.loads(done.stdout.splitlines()[-1])

    def _procfile(self) -> Path:
        lines = (ROOT / "Procfile").read_text().splitlines()
        if self.server != "daphne":
            web = SERVERS[self.server].format(host='"$HOST"', port='"$PORT"', app="chatplatform.asgi:application")
            lines = [f"web: {web}" if line.startswith("web:") else line for line in lines]
        path = self.folder / "Procfile"
        path.write_text("\n".join(lines) + "\n")
        return path

    def _listen(self) -> None:
        assert self.child.stdout is not None
        with open(self.folder / "bin-run.log", "w") as log:
            for line in self.child.stdout:
                log.write(line)
                log.flush()
                print(f"  | {line}", end="", file=sys.stderr)
                if line.startswith("Ready:"):
                    self._ready.set()
