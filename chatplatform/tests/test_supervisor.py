"""`bin/run` keeps the product alive, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator

import pytest

from chatplatform.embedded.postgres import open_postgres
from chatplatform.embedded.var_dir import VarDir
from chatplatform.tests.embedded_product import ROOT, Product, eventually, is_alive


@pytest.fixture
def product() -> Iterator[Product]:
    product = Product()
    yield product
    product.close()


@pytest.fixture(scope="module")
def running() -> Iterator[Product]:
    """One that several tests use: each leaves it ready."""
    product = Product()
    product.start()
    yield product
    product.close()


def test_says_ready_once_and_keeps_its_secrets_private(running: Product) -> None:
    assert running.said().count("Ready: http://127.0.0.1:") == 1
    for name in ("secret_key", "run/state.json", "valkey/password", "valkey/valkey.conf"):
        assert stat.S_IMODE((running.var / name).stat().st_mode) == 0o600, name


def test_the_supervisor_is_small() -> None:
    """With everything it imports; measured without the tracer that measures coverage, which weighs some megabytes itself."""
    weigh = "import chatplatform.embedded.run; print(open('/proc/self/status').read().partition('VmRSS:')[2].split()[0])"
    untraced = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    said = subprocess.run([sys.executable, "-c", weigh], cwd=ROOT, env=untraced, capture_output=True, text=True, check=True)
    assert int(said.stdout) < 25_000


def test_a_killed_process_is_back_on_the_same_port(running: Product) -> None:
    killed = running.web_pid()
    os.kill(killed, signal.SIGKILL)
    assert eventually(running.web_pid) != killed
    assert "web: ended by SIGKILL; starting it again in 0.2 s" in running.said()


def test_killed_servers_come_back_where_they_were_with_what_they_knew(running: Product) -> None:
    services, postgres = running.state()["services"], open_postgres(VarDir(running.var))
    postgres.ask("CREATE TABLE promise (word text); INSERT INTO promise VALUES ('kept')")
    assert running.valkey("SET", "promise", "kept") == "+OK"
    killed = {name: running.pid_of(name) for name in ("postgres", "valkey")}
    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: running.valkey("GET", "promise") == "kept")
    eventually(lambda: postgres.ask("SELECT word FROM promise") == "kept")
    assert running.state()["services"] == services
    assert all(running.another(name, than=pid) for name, pid in killed.items())


def test_one_supervisor_for_one_var_dir(running: Product, product: Product) -> None:
    product.var = running.var
    run = product.start(until_ready=False)
    assert run.wait(timeout=15) == 1
    assert product.said() == (
        f"bin/run: bin/run (process {running.runs[0].pid}, {running.url}) is already running on this VAR_DIR; "
        "stop it first, or set VAR_DIR (and PORT) for a second one\n"
    )
    assert running.web_pid()


def test_a_port_in_use_is_said_in_one_line(running: Product, product: Product) -> None:
    port = running.url.rpartition(":")[2]
    run = product.start(until_ready=False, PORT=port)
    assert run.wait(timeout=15) == 1
    assert product.said().splitlines()[-1] == (
        f"bin/run: Port {port} on 127.0.0.1 is already in use; set PORT to another one (PORT=0 picks a free one)"
    )
    assert running.web_pid()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_and_the_exit_status_is_0(product: Product, number: signal.Signals) -> None:
    run = product.start()
    pids = [child["pid"] for child in product.state()["children"]]
    assert len(pids) == 3
    run.send_signal(number)
    assert run.wait(timeout=30) == 0
    assert not [pid for pid in pids if is_alive(pid)]
    assert not (product.var / "run" / "state.json").exists()
    assert not (product.var / "postgres" / "data" / "postmaster.pid").exists()


def test_a_second_signal_ends_a_process_that_will_not_stop(product: Product) -> None:
    product.procfile.write_text("web: python web.py\nstubborn: python stubborn.py\n")
    run = product.start()
    eventually((product.folder / "stubborn-is-there").exists)
    stubborn, web = product.pid_of("stubborn"), product.web_pid()
    run.send_signal(signal.SIGINT)
    eventually(lambda: not is_alive(web))
    assert is_alive(stubborn)
    run.send_signal(signal.SIGINT)
    assert run.wait(timeout=8) == 0
    assert not is_alive(stubborn)


def test_when_the_supervisor_is_killed_its_children_end_and_the_next_start_ends_the_stubborn(product: Product) -> None:
    product.var = product.folder / ("a name too long for a socket, with % and 'quotes' " * 3).strip()
    product.procfile.write_text("web: python web.py\nstubborn: python stubborn.py\n")
    run = product.start()
    eventually((product.folder / "stubborn-is-there").exists)
    stubborn = product.pid_of("stubborn")
    others = [child["pid"] for child in product.state()["children"] if child["pid"] != stubborn]
    postgres = open_postgres(VarDir(product.var))
    postgres.ask("CREATE TABLE promise (word text); INSERT INTO promise VALUES ('kept')")
    run.kill()
    run.wait()
    eventually(lambda: not [pid for pid in others if is_alive(pid)])
    assert is_alive(stubborn)
    product.start()
    assert "ended what it left behind: stubborn" in product.said()
    assert not is_alive(stubborn)
    assert postgres.ask("SELECT word FROM promise") == "kept"


def test_a_web_process_that_keeps_dying_ends_the_start_with_its_last_words(product: Product) -> None:
    product.procfile.write_text("web: echo 'Configuration error: DEBUG: what is maybe?'\n")
    run = product.start(until_ready=False)
    assert run.wait(timeout=30) == 1
    assert "bin/run: web does not stay alive: Configuration error: DEBUG: what is maybe?" in product.said()


def test_a_wrong_variable_is_named(product: Product) -> None:
    run = product.start(until_ready=False, PORT="eighty")
    assert run.wait(timeout=15) == 2
    assert product.said() == "bin/run: PORT: expected a whole number; got 'eighty'\n"
