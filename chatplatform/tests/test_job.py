"""Job processes start by Celery's command line, without what only an interactive shell needs."""

from __future__ import annotations

import subprocess
import sys

ARGUMENTS = ["--app", "chatplatform", "worker", "--help"]


def _modules_of(module: str) -> tuple[str, set[str]]:
    """What it prints, and what it imports."""
    command = [sys.executable, "-X", "importtime", "-m", module, *ARGUMENTS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout, {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


def test_the_command_line_is_celerys_own_and_the_shell_stays_away() -> None:
    words, modules = _modules_of("celery")
    ours, fewer = _modules_of("chatplatform.job")
    assert "--concurrency" in ours
    assert ours.partition("Options")[2] == words.partition("Options")[2]
    assert "prompt_toolkit" in modules, "else there is nothing to keep away"
    assert "prompt_toolkit" not in fewer
