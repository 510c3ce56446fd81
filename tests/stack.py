"""The product as it runs: its own processes, from the Procfile's own lines, on a database of its own.

For tests that need more than one process: browsers, chaos, benchmarks.

    with Stack(folder) as stack:           # or start() and stop()
        stack.url                          # http://127.0.0.1:PORT
        stack.kill("generations")          # SIGKILL, as a crash would
        stack.start_process("generations")
        stack.manage("audit_ledger")       # its standard output
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import redis
from psycopg.conninfo import conninfo_to_dict, make_conninfo

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 90.0
_STOP_SECONDS = 15.0
_TEMPLATE = "stack_template"
_numbers = itertools.count()


class Stack:
    """Processes of one product on the servers that `DATABASE_URL` and `REDIS_URL` name, with data of its own.

    `folder` gets `var/` and one log per process. `env` is laid over the environment. `processes` are names of the
    Procfile; `web` and `generations` are enough to chat, `worker` and `beat` add the sweeper.
    """

    def __init__(self, folder: Path, env: Mapping[str, str] | None = None, processes: Sequence[str] = ("web", "generations")) -> None:
        self.folder = folder
        self.processes = tuple(processes)
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._manager: subprocess.Popen[str] | None = None
        self._database = f"stack_{uuid4().hex[:12]}"
        given = {**os.environ, **(env or {})}
        self._server_url = given["DATABASE_URL"]
        self.env = {
            **given,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{given.get('PATH', os.defpath)}",
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": _with_database(self._server_url, self._database),
            "REDIS_URL": _redis_of_its_own(given["REDIS_URL"]),
            "VAR_DIR": str(folder / "var"),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "BASE_URL": self.url,
            "GENERATIONS_CONCURRENCY": given.get("GENERATIONS_CONCURRENCY", "32"),
        }

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # --- the whole ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Database, migrations, catalogue, static files, processes; returns when all of them are ready."""
        (self.folder / "var").mkdir(parents=True, exist_ok=True)
        self._create_database()
        self.redis().flushdb()
        try:
            self.manage("prepare")
            for name in self.processes:
                self._spawn(name)
            self.wait_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the processes in an orderly way, then drop the data."""
        for process in self._running.values():
            process.terminate()
        for name in list(self._running):
            self._end(name)
        if self._manager is not None:
            self._manager.communicate()
            self._manager = None
        with psycopg.connect(self._server_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self._database}" WITH (FORCE)')
        self.redis().flushdb()

    def _create_database(self) -> None:
        """A copy of a migrated one, and of collected static files, where the test run has a place for them: the first stack makes both.

        Static files are made once for the run, the migrated database once for each PostgreSQL server: some tests bring their own.
        """
        template = ""
        if place := self.env.get("TEST_PREPARED"):
            prepared = Path(place)
            template = f" TEMPLATE {migrated_template(self.env, self._server_url)}"
            with _lock(prepared):
                self._collect_static(prepared)
            shutil.copytree(prepared / "static", self.folder / "var" / "static")
        with psycopg.connect(self._server_url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self._database}"{template}')

    def _collect_static(self, prepared: Path) -> None:
        finished = prepared / "static_collected"
        if finished.exists():
            return
        _manage(self.env | {"VAR_DIR": str(prepared)}, "collectstatic", "--no-input", "--verbosity=0")
        finished.touch()

    # --- one process ----------------------------------------------------------------------------------------------

    def kill(self, name: str) -> None:
        """SIGKILL to the process and all it started; its heartbeat is taken away, so that readiness is not stale."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.redis().delete(f"alive:{name}")

    def terminate(self, name: str) -> None:
        """SIGTERM, and wait: an orderly restart's first half."""
        self._running[name].terminate()
        self._end(name)

    def start_process(self, name: str, *, wait: bool = True) -> None:
        """Start one that was killed, on the same port and data."""
        self._spawn(name)
        if wait:
            self.wait_ready((name,))

    @property
    def running(self) -> tuple[str, ...]:
        return tuple(self._running)

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    # --- its insides ----------------------------------------------------------------------------------------------

    def manage(self, *arguments: str) -> str:
        """`manage.py` on this stack's data. Raises with what it said when it fails."""
        said, failed = self._ask_manager(arguments)
        if failed:
            raise RuntimeError(f"manage.py {shlex.join(arguments)}: {said}")
        return said

    def arrive(self, email: str, password: str, agent: str) -> list[dict[str, str]]:
        """Somebody signs up in a browser that calls itself `agent`; their cookies (name, value, path).

        By the product's own view, but not in its web process, and without waiting for a hash of its own.
        """
        said, failed = self._ask_manager(["arrive", email, password, urlsplit(self.url).netloc, agent])
        if failed:
            raise RuntimeError(said)
        cookies: list[dict[str, str]] = json.loads(said)
        return cookies

    def _ask_manager(self, arguments: Sequence[str]) -> tuple[str, bool]:
        if self._manager is None:
            command = [sys.executable, "-m", "tests.manage_server"]
            self._manager = subprocess.Popen(command, env=self.env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._manager.stdin
        assert self._manager.stdout
        print(json.dumps(arguments), file=self._manager.stdin, flush=True)
        answer = json.loads(self._manager.stdout.readline())
        return answer["said"], answer["failed"]

    def database(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of its own to this stack's database, for looking at what is there."""
        return psycopg.connect(self.env["DATABASE_URL"], autocommit=True)

    def redis(self) -> redis.Redis:
        client: redis.Redis = redis.Redis.from_url(self.env["REDIS_URL"])
        return client

    def wait_ready(self, names: Sequence[str] = ()) -> None:
        """Until `/readyz` finds these processes (default: all) and what they stand on."""
        wanted = {"database", "redis", "migrations", *(names or self.processes)} - {"web"}
        wait_until(lambda: wanted <= self._ready(), "the stack to be ready", READY_SECONDS, self._refuse_dead)

    def _ready(self) -> set[str]:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                body = json.load(answer)
        except urllib.error.HTTPError as error:
            body = json.load(error) if error.code == 503 else {}
        except OSError:
            return set()
        return {name for name, state in body.get("checks", {}).items() if state == "ok"}

    def _refuse_dead(self) -> None:
        for name, process in self._running.items():
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended with {process.returncode}: {self.log(name)[-2000:]}")

    def _spawn(self, name: str) -> None:
        line = _procfile()[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {line}"],
                env=self.env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _end(self, name: str) -> None:
        process = self._running.pop(name)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def migrated_template(env: Mapping[str, str], server_url: str) -> str:
    """The name of a migrated database to copy from. Made once for each server, in the environment `env`, which has `TEST_PREPARED`."""
    prepared = Path(env["TEST_PREPARED"])
    with _lock(prepared), psycopg.connect(server_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_TEMPLATE]).fetchone():
            # Migrated under another name first: a database of the template's name is always a finished one.
            unfinished = f"{_TEMPLATE}_unfinished"
            connection.execute(f"DROP DATABASE IF EXISTS {unfinished}")
            connection.execute(f"CREATE DATABASE {unfinished}")
            _manage({**env, "DATABASE_URL": _with_database(server_url, unfinished), "VAR_DIR": str(prepared)}, "migrate", "--verbosity=0")
            connection.execute(f"ALTER DATABASE {unfinished} RENAME TO {_TEMPLATE}")
    return _TEMPLATE


@contextlib.contextmanager
def _lock(prepared: Path) -> Iterator[None]:
    """What is made for all tests is made by one of their processes while the others wait."""
    prepared.mkdir(exist_ok=True)
    with (prepared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _manage(env: Mapping[str, str], *arguments: str) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"manage.py {shlex.join(arguments)}: {done.stdout}")


def _with_database(server_url: str, database: str) -> str:
    parts = {**conninfo_to_dict(server_url), "dbname": database}
    return make_conninfo(**{key: str(value) for key, value in parts.items() if value is not None})


def wait_until(holds: Callable[[], object], what: str, seconds: float = 10.0, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Until the condition holds, looked at every 50 ms. Raises `TimeoutError` that names what was waited for."""
    deadline = time.monotonic() + seconds
    while not holds():
        meanwhile()
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {seconds:.0f} s for {what}")
        time.sleep(0.05)


def _procfile() -> dict[str, str]:
    lines = (line for line in (ROOT / "Procfile").read_text().splitlines() if line and not line.startswith("#"))
    return {name: command.strip() for name, _, command in (line.partition(":") for line in lines)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _redis_of_its_own(url: str) -> str:
    """Another numbered database of the same server. The first ones belong to the tests of the apps, one for each of eight workers."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    databases = int(str(redis.Redis.from_url(url, decode_responses=True).config_get("databases")["databases"]))
    return urlsplit(url)._replace(path=f"/{(9 + worker * 8 + next(_numbers) % 8) % databases}").geturl()
