"""The local model is a real one, behind a key, and leaves when it is told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from providers import local_server
from providers.tests.asking import answer, ask, text_of
from providers.types import Finish, Provider, Timeouts, Usage

PATIENT = Timeouts(first_token_seconds=120, idle_seconds=60, total_seconds=300)


def start(**variables: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "LOCAL_MODEL_PORT": "0", "LOCAL_MODEL_API_KEY": "secret", **variables}
    command = [sys.executable, "-m", "providers.local_server"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its first line."""
    process = start()
    assert process.stderr is not None
    yield process, process.stderr.readline()
    process.kill()
    process.wait()


async def test_it_answers_in_text_with_exact_usage_and_goes_on_a_signal(
    server: tuple[subprocess.Popen[str], str], monkeypatch: pytest.MonkeyPatch, engines: None
) -> None:
    process, line = server
    if not local_server.available():
        assert "not installed" in line
        assert process.wait(20) == 0
        return
    url = line.split()[-1]
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{url}/chat/completions", data=b"{}")
    monkeypatch.setenv("LOCAL_MODEL_URL", url)
    monkeypatch.setenv("LOCAL_MODEL_API_KEY", "secret")
    question = ask("Name three colours.", provider=Provider.LOCAL, model="smollm2-135m-instruct", most=24)
    for _ in range(2):
        events = await answer(question, PATIENT)
        assert text_of(events).strip()
        *_, usage, finish = events
        assert isinstance(usage, Usage)
        assert 0 < usage.output <= 24
        assert usage.fresh_input + usage.cache_read > 5
        assert isinstance(finish, Finish)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


@pytest.mark.parametrize("port", ["eighty", "70000"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    expect_refusal(port, "expected a number")


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        expect_refusal(str(other.getsockname()[1]), "is taken")


def expect_refusal(port: str, words: str) -> None:
    process = start(LOCAL_MODEL_PORT=port)
    _, said = process.communicate(timeout=60)
    if local_server.available():
        assert words in said
        assert "LOCAL_MODEL_PORT" in said
        assert process.returncode == 2
    else:
        assert process.returncode == 0


def test_without_its_packages_it_says_so_and_ends_well(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not local_server.available()
    assert local_server.main() == 0
    assert "not installed" in capsys.readouterr().err
