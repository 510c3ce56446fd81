"""`bin/run` itself, on the product itself: cold, beside `bin/manage`, stopped, and warm."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from chatplatform.tests.embedded_product import ROOT, environment, eventually


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="bin run "))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.chaos
def test_one_command_makes_everything_and_the_second_start_finds_it_made(folder: Path) -> None:
    names = environment(VAR_DIR=str(folder / "var"), PORT="0", LOCAL_MODEL="off")
    for start in ("cold", "warm"):
        said_by = folder / f"{start}.txt"
        with open(said_by, "w") as output:
            run = subprocess.Popen([str(ROOT / "bin" / "run")], cwd=folder, env=names, stdout=output, stderr=subprocess.STDOUT)
        try:
            eventually(lambda by=said_by, run=run: "Ready: " in by.read_text() or run.poll() is not None, 120)  # type: ignore[misc]
            url = re.findall(r"^Ready: (\S+)$", said_by.read_text(), re.MULTILINE)
            assert len(url) == 1, said_by.read_text()
            with urlopen(f"{url[0]}/readyz") as answer:
                assert answer.status == 200
            audit = [str(ROOT / "bin" / "manage"), "audit_ledger"]
            audited = subprocess.run(audit, cwd=folder, env=names, capture_output=True, text=True, check=False)
            assert audited.returncode == 0, audited.stderr
        finally:
            run.send_signal(signal.SIGTERM)
            assert run.wait(timeout=60) == 0
    assert "Preparing database" in (folder / "cold.txt").read_text()
    assert "are up to date" in (folder / "warm.txt").read_text()
