"""Asking for everything, watching it being put together, taking it along."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.exceptions import ExportRunning
from accounts.exports import export_link, exports_folder, file_of
from accounts.models import DataExport, SecurityEvent, User
from accounts.services.ask_for_export import A_DAY, ask_for_export
from accounts.services.create_personal_workspace import create_personal_workspace
from accounts.services.run_export import MOST_ATTEMPTS, run_export
from accounts.services.sweep_exports import sweep_exports
from accounts.tests.conftest import PASSWORD, confirm
from accounts.types import ExportState, SecurityEventKind
from core.exceptions import RateLimited
from notifications.services import send_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return exports_folder()


def made(user: User) -> DataExport:
    export = ask_for_export(user.pk)
    run_export(export.id)
    export.refresh_from_db()
    return export


def read(response: Any) -> bytes:
    return b"".join(response)


def kinds(user: User) -> list[str]:
    return list(SecurityEvent.objects.filter(subject_id=user.pk).order_by("id").values_list("kind", flat=True))


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous")
def test_the_whole_way_from_the_button_to_the_file(kim: User, kims_browser: Client) -> None:
    create_personal_workspace(kim)
    asked = kims_browser.post("/settings/data/export/")
    assert asked["Location"].startswith("/accounts/reauthenticate/"), "everything one has is sensitive"
    assert kims_browser.post(asked["Location"], {"password": PASSWORD, "next": "/settings/data/export/"})["Location"] == "/settings/data/"
    assert DataExport.objects.count() == 1, "what was asked for before the proof happens after it"
    export = DataExport.objects.get()
    page = kims_browser.get("/settings/data/").content.decode()
    assert f'id="export-{export.id}" data-state="queued"' in page
    assert "Waiting its turn" in page
    run_export(export.id)
    fragment = kims_browser.get(f"/settings/data/export/{export.id}/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in fragment, "it stops asking"
    link = export_link(export.id)
    assert link.replace("&", "&amp;") in fragment
    answer = kims_browser.get(link)
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    body = read(answer)
    assert len(body) == int(answer["Content-Length"])
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert json.loads(archive.read("profile.json"))["name"] == "Kim"
    send_due()
    assert "Your data is ready" in [message.subject for message in mail.outbox]
    assert link in str(mail.outbox[-1].body)
    assert kinds(kim)[-3:] == ["export_asked", "export_ready", "data_downloaded"]
    assert kims_browser.head(link).status_code == 200
    assert kinds(kim)[-1] == "data_downloaded", "a look at the headers takes nothing along"
    assert kinds(kim).count("data_downloaded") == 1


def test_only_the_owner_with_the_signed_link_gets_the_file_and_only_until_it_expires(kim: User, kims_browser: Client) -> None:
    create_personal_workspace(kim)
    export = made(kim)
    link = export_link(export.id)
    stranger = Client()
    stranger.force_login(User.objects.create_user("lee@example.com"))
    assert kims_browser.get(link)["Location"].startswith("/accounts/reauthenticate/"), "a stolen session is not enough"
    confirm(kims_browser)
    assert kims_browser.get(link).status_code == 200
    assert stranger.get(link).status_code == 404
    assert Client().get(link)["Location"].startswith("/accounts/login/?next=/settings/data/export/")
    assert kims_browser.get(link.partition("?")[0]).status_code == 404
    assert kims_browser.get(f"{link}x").status_code == 404
    other = ask_for_export(kim.pk)
    assert kims_browser.get(link.replace(str(export.id), str(other.id))).status_code == 404, "a signature is for one file"
    DataExport.objects.filter(id=export.id).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert kims_browser.get(link).status_code == 404


def test_one_at_a_time_and_so_many_a_day(kim: User) -> None:
    create_personal_workspace(kim)
    ask_for_export(kim.pk)
    with pytest.raises(ExportRunning):
        ask_for_export(kim.pk)
    for _ in range(A_DAY - 1):
        DataExport.objects.create(user=kim, state=ExportState.EXPIRED)
    DataExport.objects.filter(state=ExportState.QUEUED).update(state=ExportState.FAILED)
    with pytest.raises(RateLimited):
        ask_for_export(kim.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        DataExport.objects.bulk_create([DataExport(user=kim), DataExport(user=kim)])


def test_a_worker_that_is_asked_to_end_hands_the_export_back_without_losing_an_attempt(kim: User, folder: Path) -> None:
    create_personal_workspace(kim)
    export = ask_for_export(kim.pk)
    run_export(export.id, lambda: False)
    export.refresh_from_db()
    assert (export.state, export.attempts) == (ExportState.QUEUED, 0)
    assert list(folder.iterdir()) == []
    run_export(export.id)
    run_export(export.id)
    export.refresh_from_db()
    assert (export.state, export.attempts, export.done) == (ExportState.READY, 1, export.total)


def test_a_silent_export_begins_anew_and_the_slow_worker_moves_nothing(kim: User) -> None:
    create_personal_workspace(kim)
    export = ask_for_export(kim.pk)

    def meanwhile() -> bool:
        """Nothing is heard of this worker for long; another one does the work."""
        if DataExport.objects.get(id=export.id).attempts == 1:
            later = timezone.now() + timedelta(minutes=2)
            sweep_exports(now=later)
            run_export(export.id)
        return True

    run_export(export.id, meanwhile)
    export.refresh_from_db()
    assert (export.state, export.attempts) == (ExportState.READY, 2)
    assert kinds(kim).count(SecurityEventKind.EXPORT_READY) == 1
    assert zipfile.is_zipfile(file_of(export.id))


def test_what_cannot_be_written_is_tried_again_and_then_said(kim: User, caplog: pytest.LogCaptureFixture) -> None:
    create_personal_workspace(kim)
    export = ask_for_export(kim.pk)
    file_of(export.id).with_name(f"{export.id.hex}.zip.part").mkdir()  # nothing can be written there
    later = timezone.now()
    for _ in range(MOST_ATTEMPTS):
        run_export(export.id)
        later += timedelta(minutes=5)
        sweep_exports(now=later)
    assert DataExport.objects.get().state == ExportState.QUEUED
    assert caplog.text.count("An export could not be written") == MOST_ATTEMPTS
    run_export(export.id)
    assert DataExport.objects.get().state == ExportState.FAILED
    send_due()
    assert mail.outbox[-1].subject == "Your data could not be exported"


def test_files_that_are_over_and_strays_are_deleted_and_others_are_left(kim: User, folder: Path) -> None:
    import os

    create_personal_workspace(kim)
    export = made(kim)
    old, gone, foreign = folder / f"{export.id.hex}.zip", folder / f"{'0' * 32}.zip", folder / "something.part"
    for path in (gone, foreign):
        path.write_bytes(b"x")
    for path in (old, gone, foreign):
        os.utime(path, (1, 1))
    sweep_exports()
    assert list(folder.iterdir()) == [old]
    sweep_exports(now=timezone.now() + timedelta(days=8))
    assert list(folder.iterdir()) == []
    assert DataExport.objects.get().state == ExportState.EXPIRED
