"""Typed reading of the environment: every variable is checked once, at start-up.

A wrong value stops the start with one line that names the variable (`EnvError`). A secret may also come
from a file: `NAME_FILE=/run/secrets/x` stands for `NAME=<contents of that file>`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


class EnvError(ValueError):
    """A variable is missing or has a value that cannot be used. The text names it and says what is accepted."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A read-only view of environment variables with typed readers. Empty counts as unset."""

    variables: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def text(self, name: str, default: str = "") -> str:
        value = self.variables.get(name, "").strip()
        if value:
            return value
        path = self.variables.get(f"{name}_FILE", "").strip()
        if not path:
            return default
        try:
            return Path(path).read_text(encoding="utf-8").strip() or default
        except (OSError, UnicodeDecodeError) as error:
            raise EnvError(f"{name}_FILE: cannot read the file it names: {error}") from error

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).lower()
        if not value:
            return default
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
        raise EnvError(f"{name}: expected one of 1, 0, true, false, yes, no, on, off; got {value!r}")

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        value = self.text(name)
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            raise EnvError(f"{name}: expected a whole number; got {value!r}") from None
        if not low <= number <= high:
            raise EnvError(f"{name}: expected a number from {low} to {high}; got {number}")
        return number

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default).lower()
        if value not in allowed:
            raise EnvError(f"{name}: expected one of {', '.join(allowed)}; got {value!r}")
        return value

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def url(self, name: str, default: str = "", *, schemes: tuple[str, ...] = ("http", "https")) -> str:
        value = self.text(name, default)
        if not value:
            return ""
        try:
            parts = urlsplit(value)
            port_ok = parts.port is None or parts.port > 0
        except ValueError:
            raise EnvError(f"{name}: not a usable address") from None
        if parts.scheme not in schemes or not port_ok:
            raise EnvError(f"{name}: expected an address that starts with {' or '.join(s + '://' for s in schemes)}")
        return value.rstrip("/")

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise EnvError(f"{name}: is not set. Start with bin/run or bin/manage, or set it (see .env.example)")
        return value
