"""Lighthouse (from npm) on the landing page and a conversation, as a phone and a desktop: its scores, and what every missing point is."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson
import websockets

from bench.kit.figures import table
from bench.kit.stack import HOST, Stack
from chatplatform.embedded.surroundings import ROOT

LIGHTHOUSE = "lighthouse@12.8.2"  # the last for Node 20
CATEGORIES = ("performance", "accessibility", "best-practices")
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
_MORE_FLAGS = ("--disable-component-update", "--disable-sync", "--remote-debugging-port=0")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each page in each form; the median counts")
    parser.add_argument("--tool", type=Path, default=ROOT / "var" / "lighthouse", help="where Lighthouse is installed when it is not there")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    options = parser.parse_args()
    program = _install(options.tool)
    with Stack({"SCRIPTED_MODEL": "on"}) as stack, _Browser() as browser:
        person = stack.ask("bench.kit.lighthouse_page", "reader@example.org")
        origin = f"http://{HOST}:{stack.port}"
        pages = {"landing": (f"{origin}/", ""), "conversation": (f"{origin}/c/{person['conversation']}/", person["session"])}
        results = []
        for name, (url, session) in pages.items():
            browser.sign_in(origin, session)
            for form in ("phone", "desktop"):
                _say(f"{name}, {form}")
                reports = [_run(program, browser.port, url, form) for _ in range(options.runs)]
                results.append({"page": name, "form": form, **_summary(reports)})
    print(_table(results))
    if options.json:
        options.json.write_bytes(orjson.dumps({"load": os.getloadavg()[0], "pages": results}, option=orjson.OPT_INDENT_2))


def _install(folder: Path) -> Path:
    """Lighthouse's program; installed by npm the first time. Exits with a line when there is no Node."""
    program = folder / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        if not shutil.which("npm"):
            sys.exit("Lighthouse needs Node 20 or later with npm; install them and try again.")
        folder.mkdir(parents=True, exist_ok=True)
        _say(f"installing {LIGHTHOUSE}")
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), LIGHTHOUSE]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return program


class _Browser:
    """A Chromium of its own, whose cookies are set from outside: extra headers would not reach the page's socket."""

    def __enter__(self) -> _Browser:
        self._folder = tempfile.TemporaryDirectory(prefix="chat-lighthouse-")
        chromium = shutil.which("chromium") or shutil.which("google-chrome") or sys.exit("Lighthouse needs Chromium.")
        command = [str(chromium), *_FLAGS, *_MORE_FLAGS, f"--user-data-dir={self._folder.name}"]
        self._child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        place, ends = Path(self._folder.name) / "DevToolsActivePort", time.monotonic() + 30
        while not (place.exists() and len(place.read_text().split()) == 2):
            if time.monotonic() > ends:
                sys.exit("Chromium did not start.")
            time.sleep(0.1)
        port, path = place.read_text().split()
        self.port, self._address = int(port), f"ws://{HOST}:{port}{path}"
        return self

    def __exit__(self, *reason: object) -> None:
        self._child.terminate()
        self._child.wait(20)
        self._folder.cleanup()

    def sign_in(self, origin: str, session: str) -> None:
        """Nobody, when `session` is empty."""
        cookies = [{"name": "sessionid", "value": session, "url": origin}] if session else []
        asyncio.run(self._tell([("Storage.clearCookies", {}), ("Storage.setCookies", {"cookies": cookies})]))

    async def _tell(self, commands: list[tuple[str, dict[str, Any]]]) -> None:
        async with websockets.connect(self._address) as socket:
            for number, (method, given) in enumerate(commands):
                await socket.send(orjson.dumps({"id": number, "method": method, "params": given}).decode())
                while orjson.loads(await socket.recv()).get("id") != number:
                    pass


def _run(program: Path, port: int, url: str, form: str) -> dict[str, Any]:
    command = [str(program), url, f"--port={port}", "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"]
    command += ["--disable-storage-reset", *(["--preset=desktop"] if form == "desktop" else [])]
    done = subprocess.run(command, check=True, capture_output=True)
    report: dict[str, Any] = orjson.loads(done.stdout)
    return report


def _summary(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Median scores of 100, and what was below its full score in any run, with the worst value that it had."""
    found = [{category: report["categories"][category]["score"] or 0 for category in CATEGORIES} for report in reports]
    scores = {category: round(100 * statistics.median(one[category] for one in found)) for category in CATEGORIES}
    missing: dict[str, str] = {}
    for report in reports:
        weights = {ref["id"]: ref["weight"] for category in CATEGORIES for ref in report["categories"][category]["auditRefs"]}
        for name, audit in report["audits"].items():
            if weights.get(name) and audit["score"] is not None and audit["score"] < 1:
                missing[name] = f"{audit['title']}: {audit.get('displayValue', '')} ({round(100 * audit['score'])})"
    return {"scores": scores, "missing": missing}


def _table(results: list[dict[str, Any]]) -> str:
    rows = [(one["page"], one["form"], *(one["scores"][category] for category in CATEGORIES)) for one in results]
    lines = [f"{one['page']}, {one['form']}: {words}" for one in results for words in one["missing"].values()]
    below = "Below the full score:" if lines else "Nothing is below the full score."
    return "\n".join((table(("page", "as", *CATEGORIES), rows), "", below, *lines))


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
