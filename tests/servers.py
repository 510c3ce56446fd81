"""A PostgreSQL and a Valkey that a test may kill: the product's own embedded ones, each in a folder of its own.

with KillableServers(folder) as servers:
    Stack(folder / "stack", env=servers.env)
    servers.valkey.kill()                    # SIGKILL
    servers.valkey.start(without_data=True)  # as after the loss of a disk
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from chatplatform.embedded.postgres import Postgres, open_postgres
from chatplatform.embedded.spec import Spec
from chatplatform.embedded.valkey import open_valkey
from chatplatform.embedded.var_dir import VarDir
from tests.stack import wait_until


class Server:
    """One server process, started as the product's supervisor would start it."""

    def __init__(self, spec: Spec, is_ready: Callable[[], bool], log: Path, data: Path) -> None:
        self._spec = spec
        self._is_ready = is_ready
        self._log = log
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, without_data: bool = False) -> None:
        """Start, and wait until it answers. A start that fails is repeated, as the supervisor does."""
        if without_data:
            shutil.rmtree(self._data)
        self._launch()
        wait_until(self._is_ready, f"{self._spec.name} to answer", 60, self._launch_again)

    def kill(self) -> None:
        """SIGKILL to the server's first process."""
        process = self._require()
        process.kill()
        process.wait()

    def stop(self) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(self._spec.stop_signal)
            process.wait(30)

    def _launch(self) -> None:
        spec = self._spec
        spec.before_start()
        who: dict[str, Any] = {"user": spec.user[0], "group": spec.user[1], "extra_groups": []} if spec.user else {}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                spec.command,
                cwd=spec.folder,
                env=dict(spec.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **who,
            )

    def _launch_again(self) -> None:
        if self._require().poll() is not None:
            self._launch()

    def _require(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "not started"
        return self._process


class KillableServers:
    """Both of them; `env` is what the product needs to find them. PostgreSQL keeps its data, whatever happens to it."""

    def __init__(self, folder: Path) -> None:
        var = VarDir(folder)
        var.create()
        postgres = open_postgres(var)
        valkey = open_valkey(var).with_free_port()
        with (valkey.folder / "valkey.conf").open("a") as settings:
            settings.write("databases 16\n")  # `Stack` chooses one of them
        spec = valkey.spec({"PATH": os.defpath, "LC_ALL": "C"})
        self.postgres = Server(postgres.spec(), lambda: postgres.is_ready() and _answers(postgres), folder / "postgres.log", postgres.data)
        self.valkey = Server(spec, valkey.is_ready, folder / "valkey.log", valkey.folder / "appendonlydir")
        self.env = {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url}

    def __enter__(self) -> Self:
        self.postgres.start()
        self.valkey.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.valkey.stop()
        self.postgres.stop()


def _answers(postgres: Postgres) -> bool:
    """After a SIGKILL the lock file still says `ready`; the server itself knows better."""
    return postgres.ask("SELECT 1") == "1"
