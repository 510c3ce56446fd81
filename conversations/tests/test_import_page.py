"""`/settings/import/`: the upload in a form, its refusals, its progress, and nobody else's imports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.types import Actor
from conversations.archives.tests.builders import chatgpt_talk, zipped
from conversations.models import ImportJob
from conversations.services.run_import import run_import
from conversations.services.start_import import imports_folder

pytestmark = pytest.mark.django_db
PAGE = "/settings/import/"
TALKS = json.dumps([chatgpt_talk(1), chatgpt_talk(2)]).encode()
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def sign_in(actor: Actor, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(User.objects.get(id=actor.user_id))
    return client


def archive(content: bytes = TALKS, name: str = "conversations.json") -> dict[str, Any]:
    return {"archive": SimpleUploadedFile(name, content)}


def nothing_left() -> bool:
    return not ImportJob.objects.exists() and not list(imports_folder().iterdir())


def test_without_any_import_the_page_teaches_where_the_file_comes_from(owner: Actor) -> None:
    page = sign_in(owner).get(PAGE).content.decode()
    assert "Export data" in page
    assert 'type="file"' in page
    assert "/c/export.json" in page


def test_a_plain_form_starts_an_import_and_the_page_follows_it_to_its_report(owner: Actor) -> None:
    client = sign_in(owner)
    assert client.post(PAGE, archive()).headers["Location"] == PAGE
    job = ImportJob.objects.get()
    assert (job.file_name, job.size_bytes) == ("conversations.json", len(TALKS))
    waiting = client.get(PAGE).content.decode()
    assert "Waiting its turn" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert 'type="file"' not in waiting
    run_import(job.id)
    fragment = client.get(reverse("imports:progress", args=[job.id]), **HTMX).content.decode()
    assert "2 conversations with 8 messages imported" in fragment
    assert "hx-trigger" not in fragment
    assert "2 conversations with 8 messages imported" in client.get(PAGE).content.decode()


def test_the_script_is_answered_with_where_to_go_or_with_the_line_alone(owner: Actor) -> None:
    client, script = sign_in(owner), {"X-Upload": "1"}
    refused = client.post(PAGE, archive(b"<html>"), headers=script)
    assert (refused.status_code, refused["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert refused.content.decode().startswith("This is a web page")
    taken = client.post(PAGE, archive(), headers=script)
    assert (taken.status_code, taken["X-Location"]) == (204, PAGE)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (zipped({"../x": b"", "conversations.json": [chatgpt_talk(1)]}), "names files outside of itself"),
        (b"\x89PNG\r\n", "neither a ZIP file nor JSON"),
        (b"", "Choose a file first"),
    ],
)
def test_a_refusal_is_one_line_above_the_form_and_leaves_nothing(owner: Actor, content: bytes, line: str) -> None:
    response = sign_in(owner).post(PAGE, archive(content) if content else {})
    assert response.status_code == 400
    assert line in response.content.decode()
    assert nothing_left()


def test_too_large_is_refused_before_it_is_read_and_also_when_its_length_lies(owner: Actor, settings: Any) -> None:
    settings.IMPORT_MAX_UPLOAD_BYTES = 1000
    honest = sign_in(owner).post(PAGE, archive(b"[" + b" " * 200_000))
    lying = sign_in(owner).post(PAGE, archive(b"[" + b" " * 5000))
    for response in (honest, lying):
        assert response.status_code == 413
        assert "at most 1000 bytes" in response.content.decode()
    assert nothing_left()


def test_an_upload_without_a_valid_token_is_refused_and_leaves_nothing(owner: Actor) -> None:
    assert sign_in(owner, enforce_csrf_checks=True).post(PAGE, archive()).status_code == 403
    assert nothing_left()


def test_while_one_runs_another_is_refused(owner: Actor) -> None:
    client = sign_in(owner)
    client.post(PAGE, archive())
    response = client.post(PAGE, archive(zipped({"conversations.json": [chatgpt_talk(3)]})))
    assert response.status_code == 409
    assert ImportJob.objects.count() == 1
    assert len(list(imports_folder().iterdir())) == 1


def test_cancelling_by_a_plain_form(owner: Actor) -> None:
    client = sign_in(owner)
    client.post(PAGE, archive())
    page = client.post(reverse("imports:cancel", args=[ImportJob.objects.get().id]), follow=True).content.decode()
    assert "The import was cancelled" in page
    assert "Cancelled" in page
    assert not list(imports_folder().iterdir())


def test_a_name_can_do_no_harm(owner: Actor) -> None:
    client = sign_in(owner)
    client.post(PAGE, archive(name="<script>alert(1)</script>.json"))
    assert "<script>alert" not in client.get(PAGE).content.decode()


def test_strangers_and_nobody_get_nowhere(owner: Actor, stranger: Actor, upload: Callable[..., ImportJob]) -> None:
    job = upload([chatgpt_talk(1)])
    other = sign_in(stranger)
    for name in ("progress", "cancel"):
        address = reverse(f"imports:{name}", args=[job.id])
        ask = other.get if name == "progress" else other.post
        assert ask(address, **HTMX).status_code == 404
    assert "export.zip" not in other.get(PAGE).content.decode()
    assert Client().post(PAGE, archive()).status_code == 302
    assert len(list(imports_folder().iterdir())) == 1


def test_operators_see_how_an_import_went_and_neither_its_name_nor_its_words(owner: Actor) -> None:
    sign_in(owner).post(PAGE, archive(name="my diary.json"))
    job = ImportJob.objects.get()
    staff = Client()
    staff.force_login(User.objects.create_superuser("boss@example.com", "a long enough password"))
    for path in ("/admin/conversations/importjob/", f"/admin/conversations/importjob/{job.id}/change/"):
        page = staff.get(path).content.decode()
        assert "owner@example.com" in page
        assert "my diary" not in page
    assert staff.get("/admin/conversations/importjob/add/").status_code == 403
    assert staff.get(f"/admin/conversations/importjob/{job.id}/delete/").status_code == 403
