"""An export that is finished while its person is erased leaves no file, whichever of the two is first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.exports import exports_folder, file_of, unfinished
from accounts.models import DataExport, User
from accounts.services import erase_people, run_export
from accounts.services.ask_for_export import ask_for_export
from accounts.services.close_account import close_account
from accounts.services.delete_people import delete_people
from accounts.services.export_person import export_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return exports_folder()


def erase(user: User) -> None:
    close_account(user)
    assert erase_people.erase_person(user.pk, now=timezone.now() + timedelta(days=15))


def test_what_is_finished_after_the_erasure_is_deleted_at_once(kim: User, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def erased_meanwhile(user_id: UUID, out: Path, **told: Any) -> int:
        count = export_person(user_id, folder / "written", **told)
        erase(kim)
        (folder / "written").rename(out)
        return count

    monkeypatch.setattr(run_export, "export_person", erased_meanwhile)
    run_export.run_export(ask_for_export(kim.pk).id)
    assert not DataExport.objects.exists()
    assert list(folder.iterdir()) == []


def test_what_is_finished_during_the_erasure_is_deleted_with_the_person(kim: User, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = ask_for_export(kim.pk)

    def finished_meanwhile(user_ids: Collection[UUID]) -> None:
        file_of(export.id).write_bytes(b"everything of Kim's")
        delete_people(user_ids)

    monkeypatch.setattr(erase_people, "delete_people", finished_meanwhile)
    erase(kim)
    assert list(folder.iterdir()) == []


def test_what_a_killed_worker_left_half_written_is_deleted_too(kim: User, folder: Path) -> None:
    unfinished(file_of(ask_for_export(kim.pk).id)).write_bytes(b"half of everything of Kim's")
    erase(kim)
    assert list(folder.iterdir()) == []
