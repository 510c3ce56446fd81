"""The stages of `bin/test`, one after the other, each on its own: a red one does not hide the next."""

# ruff: noqa: S603 - running our own tools is what this file is for
from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
# Reading the settings needs these; nothing is connected to.
UNCONNECTED = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "only-for-checking-types-and-nothing-else",
}
PYTEST = [sys.executable, "-m", "pytest"]
# Needs one processor, and the tests leave a part of the other idle.
TYPES = ["nice", sys.executable, "-m", "mypy", "."]
STAGES: dict[str, list[str]] = {
    "lint": [str(PROGRAMS / "ruff"), "check", "."],
    "format": [str(PROGRAMS / "ruff"), "format", "--check", "."],
    "architecture": [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    # Three workers for two cores, for one spends minutes waiting for processes that were killed to come back (tests/scheduling.py).
    "tests": [*PYTEST, "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "--ignore", "tests/browser", "--durations", "10"],
    # On their own: the browser's driver keeps an event loop in the thread that other tests make theirs in.
    # Three, for they mostly wait; each has a product of its own. Its processes would be much slower if their lines were counted.
    "browser tests": [*PYTEST, "tests/browser", "-n", "3", "--dist", "worksteal", "--durations", "10"],
}


def main(arguments: list[str]) -> int:
    """Exit status 0 when every stage is green; with arguments, pytest's own status."""
    os.environ["PATH"] = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    browser = have_browser(install=not arguments)
    if arguments:
        return subprocess.run([*PYTEST, *arguments], cwd=ROOT, check=False).returncode
    results: dict[str, tuple[bool, str]] = {"browser": (browser, "")}
    start_services()
    with Beside(TYPES, UNCONNECTED) as types:
        for name, command in STAGES.items():
            print(f"\n=== {name} ===", flush=True)
            started = time.monotonic()
            green = subprocess.run(command, cwd=ROOT, check=False).returncode == 0
            results[name] = (green, f"{time.monotonic() - started:.1f} s")
        print("\n=== types ===", flush=True)
        results["types"] = (types.outcome(), "beside the others")
    print()
    for name, (green, took) in results.items():
        print(f"{'ok    ' if green else 'FAILED'} {name:<13} {took}")
    return 0 if all(green for green, _ in results.values()) else 1


def start_services() -> None:
    """One PostgreSQL, one Valkey and one place for what is made once, for all stages; the environment says where. They end with us."""
    sys.path.insert(0, str(ROOT))
    importlib.import_module("tests.services")


class Beside:
    """A command that runs beside the others; what it says is printed when its `outcome` is asked for."""

    def __init__(self, command: list[str], names: dict[str, str]) -> None:
        self._command, self._environment = command, {**os.environ, **names}

    def __enter__(self) -> Self:
        self._said = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(self._command, cwd=ROOT, env=self._environment, stdout=self._said, stderr=subprocess.STDOUT)
        return self

    def outcome(self) -> bool:
        """Whether it was green, once it has ended."""
        green = self._process.wait() == 0
        self._said.seek(0)
        print(self._said.read(), flush=True)
        return green

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._said.close()


def have_browser(*, install: bool) -> bool:
    """Chromium: of this machine, of Debian (as root), or Playwright's own. One clear line when there is none."""
    if found_browser():
        return True
    if install:
        for command in install_commands():
            print(f"Installing a browser: {' '.join(command)}", flush=True)
            if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode == 0 and found_browser():
                return True
        print("No browser for the browser tests: install Chromium (Debian: apt-get install chromium) and run bin/test again.", flush=True)
    return False


def found_browser() -> bool:
    if any(shutil.which(name) for name in ("chromium-headless-shell", "chromium")):
        return True
    question = (
        "import os, sys; from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as tool: sys.exit(not os.path.exists(tool.chromium.executable_path))"
    )
    return subprocess.run([sys.executable, "-c", question], capture_output=True, check=False).returncode == 0


def install_commands() -> list[list[str]]:
    playwright = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return playwright
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium-headless-shell"]
    return [install, ["sh", "-c", "apt-get update && " + " ".join(install)], *playwright]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
