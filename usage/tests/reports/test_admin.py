"""Importing a report in the admin: preview, confirmation, who may, and what is refused."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from usage.models import LedgerAudit, LedgerEntry, PlatformEntry, ProviderReport
from usage.services import record_calls
from usage.tasks import audit_ledger
from usage.tests.builders import call, make_workspace
from usage.tests.reports.samples import DAY, anthropic_cost, anthropic_page, anthropic_use
from usage.types import TokenBuckets

pytestmark = pytest.mark.django_db
IMPORT = "/admin/usage/providerreport/import/"
CONFIRM = "/admin/usage/providerreport/import/confirm/"
MODEL = "claude-haiku-4-5"
USE = anthropic_page((DAY, [anthropic_use(MODEL, 100, 45), anthropic_use("claude-unknown", 5, 5)]))


def person(name: str, *permissions: str, staff: bool = True) -> Client:
    user: Any = get_user_model().objects.create_user(f"{name}@example.org", is_staff=staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator() -> Client:
    at = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)
    record_calls([call(make_workspace(), buckets=TokenBuckets(100, output=30), model=MODEL, called_at=at)])
    return person("op", "add_providerreport", "view_providerreport")


def upload(client: Client, content: Any, **more: Any) -> Any:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile("use.json", text), "source": "anthropic", **more})


def hidden(page: Any) -> dict[str, str]:
    """What the form of the preview would send."""
    fields = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page.content.decode())
    return {name: unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}


def words(page: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def test_a_preview_says_what_would_be_posted_and_writes_nothing(operator: Client) -> None:
    page = upload(operator, USE)
    assert page.status_code == 200
    assert "The platform 1 +15 0" in words(page)
    assert "claude-unknown 2026-10-30 No workspace ever called this model." in words(page)
    assert 'Post 1 row"' in page.content.decode()
    assert (ProviderReport.objects.count(), PlatformEntry.objects.count(), LedgerEntry.objects.count()) == (0, 0, 1)


def test_confirmed_it_is_posted_once_and_stands_in_the_list_with_who_and_which_file(operator: Client) -> None:
    fields = hidden(upload(operator, USE))
    page = operator.post(CONFIRM, fields, follow=True)
    assert "Imported use.json: rows posted 1, agreed 0, unknown here 1." in words(page)
    report = ProviderReport.objects.get()
    assert (report.imported_by and report.imported_by.email, report.digest, report.platform_tokens) == (
        "op@example.org",
        fields["digest"],
        15,
    )
    again = operator.post(CONFIRM, fields)
    assert "has changed since the preview" in words(again), "a form that is sent twice"
    assert PlatformEntry.objects.get().tokens == 15
    listed = words(operator.get("/admin/usage/providerreport/"))
    assert "use.json" in listed
    assert f"{report.digest[:12]}…" in listed
    assert "op@example.org" in listed
    assert "This very file was imported on" in words(upload(operator, USE))


def test_shared_out_on_request(operator: Client) -> None:
    page = upload(operator, anthropic_page((DAY, [anthropic_cost(MODEL, "0.1")])), share="on")
    operator.post(CONFIRM, hidden(page))
    assert LedgerEntry.objects.get(purpose="adjustment").cost == Decimal("0.00025")


def test_a_file_that_is_no_report_is_refused_with_its_row(operator: Client) -> None:
    bad = anthropic_page((DAY, [anthropic_use(MODEL, 1, 1), anthropic_use(MODEL, -4, 1)]))
    page = upload(operator, bad)
    assert page.status_code == 400
    assert "Row 2: “-4” in uncached_input_tokens is no number of tokens or calls." in words(page)
    assert upload(operator, b"").status_code == 400
    assert "The file is empty." in words(upload(operator, b""))


def test_what_is_not_at_hand_any_more_is_asked_for_again(operator: Client) -> None:
    fields = hidden(upload(operator, USE))
    for lost in ({**fields, "digest": "0" * 64}, {**fields, "fingerprint": ""}):
        assert "Choose it again." in words(operator.post(CONFIRM, lost, follow=True))
    other = person("other", "add_providerreport", "view_providerreport")
    assert "Choose it again." in words(other.post(CONFIRM, fields, follow=True)), "a file is its uploader's own"
    assert ProviderReport.objects.count() == 0


@pytest.mark.parametrize("address", [IMPORT, CONFIRM, "/admin/usage/providerreport/drift/"])
def test_only_staff_with_the_permission(operator: Client, address: str) -> None:
    fields = hidden(upload(operator, USE))
    assert person("staff").post(address, fields).status_code == 403
    assert person("guest", "add_providerreport", staff=False).post(address, fields).status_code == 302
    assert Client().post(address, fields).status_code == 302
    assert PlatformEntry.objects.count() == 0


def test_who_may_only_look_sees_the_drift_and_cannot_import(operator: Client) -> None:
    operator.post(CONFIRM, hidden(upload(operator, USE)))
    viewer = person("viewer", "view_providerreport")
    page = words(viewer.get("/admin/usage/providerreport/drift/", {"first": str(DAY), "last": str(DAY)}))
    assert "anthropic claude-haiku-4-5 1 / 1" in page
    assert "130 145 +15 output 11.54" in page
    assert "Import a report" not in words(viewer.get("/admin/usage/providerreport/"))
    assert viewer.get(IMPORT).status_code == 403
    assert viewer.get("/admin/usage/providerreport/drift/", {"first": "2020-01-01", "last": str(DAY)}).status_code == 400


def test_nightly_audits_are_kept_for_operators(operator: Client) -> None:
    audit_ledger()
    assert (LedgerAudit.objects.get().counters_off, LedgerAudit.objects.get().rollups_off) == (0, 0)
    root = Client()
    root.force_login(get_user_model().objects.create_superuser("root@example.org"))
    assert root.get("/admin/usage/ledgeraudit/").status_code == 200
    assert root.get("/admin/usage/platformentry/").status_code == 200
