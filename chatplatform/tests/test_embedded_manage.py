"""`bin/manage` reaches the same servers as `bin/run`, and starts and stops them itself when nothing runs."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from chatplatform.tests.embedded_product import ROOT, Product, environment, eventually, is_alive


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    product = Product()
    yield product
    product.close()


def command(product: Product, *words: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-P", "-m", "chatplatform.embedded.manage", *words]
    names = environment(VAR_DIR=str(product.var))
    return subprocess.Popen(line, cwd=product.folder, env=names, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_alone_it_starts_the_servers_and_stops_them_afterwards(product: Product) -> None:
    run = command(product, "showmigrations", "sessions")
    pids = eventually(lambda: len(product.state()["children"]) == 2 and [child["pid"] for child in product.state()["children"]])
    said, complaints = run.communicate(timeout=60)
    assert run.returncode == 0, complaints
    assert said.split() == ["sessions", "[", "]", "0001_initial"]
    assert "Starting embedded PostgreSQL" in complaints
    assert not [pid for pid in pids if is_alive(pid)]
    assert product.state()["children"] == []


def test_its_exit_status_is_that_of_the_command(product: Product) -> None:
    run = command(product, "showmigrations", "no_such_app")
    run.communicate(timeout=60)
    assert run.returncode == 2


def test_two_commands_share_the_servers_until_the_last_has_ended(product: Product) -> None:
    first = command(product, "showmigrations", "sessions")
    eventually(lambda: len(product.state()["children"]) == 2)
    second = command(product, "showmigrations", "sessions")
    results = [(run.communicate(timeout=90), run.returncode) for run in (first, second)]
    assert [(said.split()[-1], status) for (said, _), status in results] == [("0001_initial", 0)] * 2
    assert product.state()["children"] == []


def test_beside_a_running_product_it_uses_its_servers(product: Product) -> None:
    run = product.start()
    beside = command(product, "diffsettings")
    said, complaints = beside.communicate(timeout=60)
    assert f"REDIS_URL = '{product.state()['services']['REDIS_URL']}'" in said
    assert complaints == ""
    assert product.web_pid()
    run.send_signal(signal.SIGTERM)
    assert run.wait(timeout=30) == 0


def test_with_servers_of_its_own_a_wrong_variable_is_named(product: Product) -> None:
    names = environment(VAR_DIR=str(product.var), PORT="x")
    line = [sys.executable, "-P", "-m", "chatplatform.embedded.manage", "check"]
    run = subprocess.run(line, cwd=ROOT, env=names, capture_output=True, text=True, timeout=30, check=False)
    assert (run.returncode, run.stderr) == (2, "bin/manage: PORT: expected a whole number; got 'x'\n")
