"""PostgreSQL refuses to run as root: when the product does, its database gets a user of its own.

That user must be able to enter the data folder. Folders of other people are never opened for it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from chatplatform.embedded.errors import StartError
from chatplatform.embedded.var_dir import VarDir, first_closed_parent

USER_NAME = "embedded_postgres"


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The OS user that the database server runs as."""

    ids: tuple[int, int]

    def own(self, folder: Path) -> None:
        """Hand a folder that we made to the server."""
        os.chown(folder, *self.ids)

    def reachable_copy(self, package: Path, beside: Path) -> Path:
        """The package's folder, or a copy of it when the server's user cannot read it where it is (a private home)."""
        if first_closed_parent(package / "pginstall" / "bin") is None and _readable_by_all(package / "pginstall"):
            return package
        copy = beside / package.name
        stamp = beside / "made-from"
        made_from = f"{package.resolve()} {package.stat().st_mtime_ns}"
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != made_from:
            shutil.rmtree(beside, ignore_errors=True)
            for name in (package.name, f"{package.name}.libs"):
                if (package.parent / name).exists():
                    shutil.copytree(package.parent / name, beside / name, ignore=shutil.ignore_patterns("include", "*.py", "__pycache__"))
            for path in (beside, *beside.rglob("*")):
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            stamp.write_text(made_from, encoding="utf-8")
        return copy


def find_server_user(var: VarDir) -> ServerUser:
    """The user, made when it does not exist. Raises `StartError` when it could not reach VAR_DIR."""
    closed = first_closed_parent(var.root)
    if closed:
        raise StartError(
            f"VAR_DIR: {var.root} lies inside {closed}, which is private; as root PostgreSQL runs as another user and cannot get there. "
            "Set VAR_DIR to a folder outside, for example VAR_DIR=/var/lib/ai-chat"
        )
    # VAR_DIR itself is ours: others may pass through it, not look into it.
    var.root.chmod(var.root.stat().st_mode | 0o011)
    try:
        entry = pwd.getpwnam(USER_NAME)
    except KeyError:
        entry = _make_user()
    return ServerUser((entry.pw_uid, entry.pw_gid))


def _make_user() -> pwd.struct_passwd:
    options = ("--system", "--user-group", "--no-create-home", "--home-dir=/nonexistent", "--shell=/usr/sbin/nologin")
    try:
        subprocess.run(["useradd", *options, USER_NAME], check=True, capture_output=True)  # noqa: S603, S607 - constants
        return pwd.getpwnam(USER_NAME)
    except (OSError, subprocess.CalledProcessError, KeyError):
        raise StartError(
            "PostgreSQL does not run as root and no user could be made for it; start as an ordinary user, or set DATABASE_URL"
        ) from None


def _readable_by_all(folder: Path) -> bool:
    """Judged by a few of its files: they were all written by one installer, with one mask."""
    samples = [folder / "bin" / "postgres", folder / "bin" / "initdb", *list((folder / "lib").glob("*.so"))[:3], folder / "lib"]
    return all(path.stat().st_mode & 0o005 == 0o005 if path.is_dir() else path.stat().st_mode & 0o004 for path in samples)
