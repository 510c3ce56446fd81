"""A small product under the real supervisor, in a folder with a space in its name: what the tests of `bin/run` break."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
_WEB = """
import http.server, os
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *words):
        pass
http.server.ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Page).serve_forever()
"""
# Says that it is there only after it has decided to overhear the signal.
_STUBBORN = """
import pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path("stubborn-is-there").touch()
while True:
    time.sleep(60)
"""
# Of the tests' own services nothing may leak into the product under test.
_FOREIGN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FILE", "VAR_DIR", "HOST", "PORT", "VERBOSE", "LOCAL_MODEL")


def eventually(condition: Callable[[], Any], seconds: float = 15.0) -> Any:
    """The first true answer of the condition; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
        time.sleep(0.02)
    return answer


def environment(**variables: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    return {**clean, "PYTHONPATH": str(ROOT), **variables}


class Product:
    """`bin/run` on a Procfile of two small processes, with embedded PostgreSQL and Valkey."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="chat tests "))
        self.folder.chmod(0o755)
        self.var = self.folder / "var dir"
        (self.folder / "web.py").write_text(_WEB)
        (self.folder / "stubborn.py").write_text(_STUBBORN)
        self.procfile = self.folder / "Procfile"
        self.procfile.write_text("web: python web.py\n")
        self.runs: list[subprocess.Popen[str]] = []
        self.url = ""

    def start(self, *, until_ready: bool = True, **variables: str) -> subprocess.Popen[str]:
        """Start the supervisor. What it prints is in `out.txt`."""
        command = [sys.executable, "-m", "chatplatform.embedded.run", "--procfile", str(self.procfile), "--unprepared"]
        names = {"VAR_DIR": str(self.var), "PORT": "0", **variables}
        with open(self.folder / "out.txt", "w") as output:
            run = subprocess.Popen(command, cwd=ROOT, env=environment(**names), stdout=output, stderr=subprocess.STDOUT, text=True)
        self.runs.append(run)
        if until_ready:
            self.url = eventually(lambda: self._ready_url(run), 30)
        return run

    def _ready_url(self, run: subprocess.Popen[str]) -> str:
        assert run.poll() is None, self.said()
        found = re.search(r"^Ready: (\S+)$", self.said(), re.MULTILINE)
        return found[1] if found else ""

    def said(self) -> str:
        return (self.folder / "out.txt").read_text()

    def state(self) -> dict[str, Any]:
        try:
            state: dict[str, Any] = json.loads((self.var / "run" / "state.json").read_text())
        except FileNotFoundError:
            return {"children": [], "services": {}}
        return state

    def pid_of(self, name: str) -> int:
        return next((int(child["pid"]) for child in self.state()["children"] if child["name"] == name), 0)

    def another(self, name: str, than: int) -> int:
        """The number of the process that has replaced the one that died; 0 while there is none."""
        pid = self.pid_of(name)
        return pid if pid != than else 0

    def web_pid(self) -> int:
        """The process that answers on the port; 0 when none does."""
        try:
            with urlopen(self.url, timeout=5) as answer:
                return int(answer.read())
        except OSError:
            return 0

    def valkey(self, *words: str) -> str:
        """One command, as its bare answer; empty when the server is away."""
        password, port = re.findall(r"redis://:(.+)@127\.0\.0\.1:(\d+)/0", self.state()["services"]["REDIS_URL"])[0]
        try:
            with socket.create_connection(("127.0.0.1", int(port)), timeout=2) as connection:
                file = connection.makefile("rw", newline="\r\n")
                file.write(f"AUTH {password}\n{' '.join(words)}\n")
                file.flush()
                first = (file.readline(), file.readline())[1].strip()
                return file.readline().strip() if first.startswith("$") and first != "$-1" else first
        except OSError:
            return ""

    def close(self) -> None:
        for run in self.runs:
            while run.poll() is None:  # the second signal hastens
                run.send_signal(signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):
                    run.wait(timeout=1)
        shutil.rmtree(self.folder)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
