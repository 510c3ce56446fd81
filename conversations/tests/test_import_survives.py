"""Imports that are refused, cancelled, killed or torn: nothing is lost, nothing comes twice, no file stays behind."""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from psycopg_pool import PoolTimeout

from accounts.types import Actor
from conversations.archives.refusals import ArchiveRefused
from conversations.archives.tests.builders import chatgpt_talk
from conversations.exceptions import ImportNotFound, ImportRunning, ImportTooLarge
from conversations.models import Conversation, ImportJob, Message
from conversations.selectors.imports import list_imports, view_import
from conversations.services import run_import as running
from conversations.services.cancel_import import cancel_import
from conversations.services.run_import import run_import
from conversations.services.start_import import file_of, imports_folder
from conversations.services.sweep_imports import sweep_imports
from conversations.services.write_imported import write_imported
from core.exceptions import RateLimited

pytestmark = pytest.mark.django_db
Bring = Callable[..., ImportJob]


def files() -> list[Path]:
    return list(imports_folder().iterdir())


def test_what_a_first_look_shows_is_refused_at_once_and_deleted(upload: Bring) -> None:
    with pytest.raises(ArchiveRefused, match="neither a ZIP file nor JSON"):
        upload(b"\x89PNG")
    assert files() == []
    assert not ImportJob.objects.exists()


def test_what_only_reading_shows_is_refused_with_its_line(bring: Bring) -> None:
    job = bring(b'[{"hello": "world"}]')
    assert (job.state, job.imported_conversations) == ("refused", 0)
    assert job.error_message.startswith("No conversations of ChatGPT, Claude or this product")
    assert files() == []


def test_one_import_at_a_time_for_one_person(owner: Actor, stranger: Actor, upload: Bring) -> None:
    upload([chatgpt_talk(1)])
    with pytest.raises(ImportRunning):
        upload([chatgpt_talk(2)])
    upload([chatgpt_talk(2)], actor=stranger)
    assert len(files()) == 2


def test_too_many_in_a_day_and_too_large_ones_are_refused(owner: Actor, upload: Bring, settings: Any) -> None:
    settings.IMPORT_MAX_UPLOAD_BYTES = 1000
    with pytest.raises(ImportTooLarge, match="at most 1000 bytes"):
        upload([chatgpt_talk(1)])
    settings.IMPORT_MAX_UPLOAD_BYTES = 100_000
    ImportJob.objects.bulk_create(
        ImportJob(owner_id=owner.user_id, workspace_id=owner.workspace_id, file_name="x", state="completed") for _ in range(30)
    )
    with pytest.raises(RateLimited):
        upload([chatgpt_talk(1)])
    assert files() == []


class _Killed(BaseException):
    """As if the process had died: nothing that handles errors may catch it."""


class _Life:
    """So many questions whether to go on are answered; the next one finds the process dead."""

    def __init__(self, length: int) -> None:
        self._left = length

    def goes_on(self) -> bool:
        self._left -= 1
        if self._left < 0:
            raise _Killed
        return True


def test_a_killed_worker_loses_nothing_and_brings_nothing_twice(upload: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_BATCH_MESSAGES", 8)
    job = upload([chatgpt_talk(number) for number in range(20)])
    lives = 0
    while job.state in ("queued", "running") and lives < 50:
        lives += 1
        with contextlib.suppress(_Killed):
            run_import(job.id, _Life(9).goes_on)
        ImportJob.objects.filter(state="running").update(heartbeat_at=timezone.now() - timedelta(minutes=1))
        sweep_imports()
        job.refresh_from_db()
    assert (job.state, job.position, job.imported_conversations) == ("completed", 20, 20)
    assert lives >= 3
    assert Conversation.objects.count() == 20
    assert Message.objects.count() == 80


def test_a_worker_that_is_to_stop_hands_the_import_back(upload: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_BATCH_MESSAGES", 1)
    job = upload([chatgpt_talk(number) for number in range(6)])
    answers = iter([True] * 6)
    run_import(job.id, lambda: next(answers, False))
    job.refresh_from_db()
    assert job.state == "queued"
    assert 0 < job.position < 6
    run_import(job.id)
    assert Conversation.objects.count() == 6


def test_an_archive_that_kills_every_worker_is_given_up(upload: Bring) -> None:
    job = upload([chatgpt_talk(1)])
    ImportJob.objects.update(attempts=5)
    run_import(job.id)
    job.refresh_from_db()
    assert (job.state, files()) == ("failed", [])


def test_an_error_that_nobody_knows_ends_the_import_at_once(
    owner: Actor, upload: Bring, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = write_imported
    answers: list[Callable[..., Any]] = [real, _raising(IndexError("odd"))]
    monkeypatch.setattr(running, "_BATCH_MESSAGES", 1)
    monkeypatch.setattr(running, "write_imported", lambda *args, **options: answers.pop(0)(*args, **options))
    job = upload([chatgpt_talk(number) for number in range(3)])
    run_import(job.id)
    job.refresh_from_db()
    assert (job.state, job.error_message, job.position) == ("failed", running.GIVEN_UP, 1)
    assert Conversation.objects.count() == 1
    assert files() == []
    assert "IndexError: odd" in caplog.text


def _raising(error: Exception) -> Callable[..., Any]:
    def _raise(*_: Any, **__: Any) -> Any:
        raise error

    return _raise


PASSING = [OperationalError("away"), InterfaceError("closed"), PoolTimeout("full"), redis.ConnectionError("away")]


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_what_passes_by_itself_hands_the_import_back_until_it_was_too_often(
    upload: Bring, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    job = upload([chatgpt_talk(1)])
    with monkeypatch.context() as away:
        away.setattr(running, "write_imported", _raising(error))
        for attempt in range(1, running.MOST_ATTEMPTS + 1):
            run_import(job.id)
            job.refresh_from_db()
            assert (job.state, job.attempts) == ("queued", attempt)
    run_import(job.id)
    job.refresh_from_db()
    assert (job.state, job.error_message) == ("failed", running.GIVEN_UP)
    assert files() == []


def test_an_import_that_gets_on_between_its_interruptions_comes_to_its_end(upload: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = write_imported, itertools.count(1)

    def _every_second(*args: Any, **options: Any) -> tuple[int, int]:
        if next(calls) % 2 == 0:
            raise OperationalError("away")
        return real(*args, **options)

    monkeypatch.setattr(running, "_BATCH_MESSAGES", 1)
    monkeypatch.setattr(running, "write_imported", _every_second)
    job = upload([chatgpt_talk(number) for number in range(10)])
    runs = 0
    while job.state in ("queued", "running") and runs < 50:
        runs += 1
        run_import(job.id)
        job.refresh_from_db()
    assert (job.state, job.position) == ("completed", 10)
    assert runs > running.MOST_ATTEMPTS + 1
    assert Conversation.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_breaks_does_not_keep_the_import_from_being_handed_back(upload: Bring) -> None:
    job = upload([chatgpt_talk(1)])

    def _breaks() -> bool:
        connection.connection.close()
        return True

    run_import(job.id, _breaks)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 1)
    run_import(job.id)
    job.refresh_from_db()
    assert job.state == "completed"


def test_a_second_delivery_of_the_job_changes_nothing(bring: Bring) -> None:
    job = bring([chatgpt_talk(1)])
    run_import(job.id)
    assert Conversation.objects.count() == 1


def test_cancelling_stops_it_and_keeps_what_came(owner: Actor, upload: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_BATCH_MESSAGES", 1)
    job = upload([chatgpt_talk(number) for number in range(6)])
    beats = iter(range(5))

    def cancels() -> bool:
        if next(beats, None) is None:
            cancel_import(owner, job.id)
        return True

    run_import(job.id, cancels)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert 0 < Conversation.objects.count() < 6
    assert Conversation.objects.count() == job.imported_conversations
    assert files() == []
    assert not cancel_import(owner, job.id)


def test_a_stranger_neither_sees_nor_cancels(stranger: Actor, upload: Bring) -> None:
    job = upload([chatgpt_talk(1)])
    with pytest.raises(ImportNotFound):
        cancel_import(stranger, job.id)
    with pytest.raises(ImportNotFound):
        view_import(stranger, job.id)
    assert list_imports(stranger) == ()
    assert file_of(job) is not None


def test_lost_jobs_are_enqueued_again_and_stale_files_deleted(upload: Bring) -> None:
    job = upload([chatgpt_talk(1)])
    torn = imports_folder() / "torn.part"
    torn.write_bytes(b"x")
    long_ago = time.time() - 7 * 3600
    for path in files():
        os.utime(path, (long_ago, long_ago))
    swept = sweep_imports(now=timezone.now() + timedelta(minutes=1))
    assert (swept.enqueued, swept.deleted_files) == (1, 1)
    assert files() == [settings.VAR_DIR / job.path]


def test_a_lost_file_is_said(upload: Bring) -> None:
    job = upload([chatgpt_talk(1)])
    (settings.VAR_DIR / job.path).unlink()
    run_import(job.id)
    job.refresh_from_db()
    assert (job.state, job.error_message[:17]) == ("failed", "The uploaded file")
