"""VAR_DIR: the one folder in which everything mutable lives."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from chatplatform.embedded.errors import StartError


@dataclass(frozen=True, slots=True)
class VarDir:
    """The layout of VAR_DIR."""

    root: Path

    @property
    def run(self) -> Path:
        """What a running supervisor notes for its successors: lock, state, stamp."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def secret_key(self) -> Path:
        return self.root / "secret_key"

    def create(self) -> None:
        """Make the folders; private to this user."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for folder in (self.run, self.log):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StartError(f"VAR_DIR: cannot be made or written: {error}") from error
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise StartError(f"VAR_DIR: {self.root} cannot be written by this user")

    def keep_secret_key(self) -> Path:
        """The file of this installation's SECRET_KEY, made once, readable by its owner only."""
        return kept_secret(self.secret_key)


def kept_secret(path: Path) -> Path:
    """A file with 50+ random characters (mode 0600), made when it is not there yet."""
    if not path.exists():
        half_written = path.with_name(path.name + ".new")
        half_written.unlink(missing_ok=True)
        descriptor = os.open(half_written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        half_written.replace(path)
    return path


def first_closed_parent(folder: Path) -> Path | None:
    """The uppermost parent of `folder` that other users of this machine may not enter, if any."""
    for parent in reversed(folder.resolve().parents):
        if parent.exists() and not parent.stat().st_mode & 0o001:
            return parent
    return None
