"""The trail of an account: written with the change, never changed again, shown to whom it is about and to operators."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import SecurityEvent, User
from accounts.selectors.security_events import csv_of_security_events
from accounts.services.erase_people import erase_due_people
from accounts.services.erase_security_traces import erase_security_traces
from accounts.services.forget_strangers import forget_strangers
from accounts.services.record_security_event import record_security_event
from accounts.tests.conftest import PASSWORD
from accounts.types import SecurityEventKind as Kind
from tests.road.traces import traces

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def kinds(user: User) -> list[str]:
    return list(SecurityEvent.objects.filter(subject_id=user.pk).order_by("id").values_list("kind", flat=True))


def sign_in(browser: Client, email: str, password: str) -> Any:
    return browser.post("/accounts/login/", {"login": email, "password": password})


def test_sign_ins_failures_and_changes_are_written_down_with_address_and_browser(kim: User) -> None:
    browser = Client(REMOTE_ADDR="192.0.2.7", headers={"User-Agent": FIREFOX})
    sign_in(browser, "kim@example.com", "a wrong password")
    sign_in(browser, "kim@example.com", PASSWORD)
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "a raven on the other roof"})
    browser.post("/accounts/logout/")
    assert kinds(kim) == ["sign_in_failed", "signed_in", "password_changed", "signed_out"]
    assert {(event.address, event.device) for event in SecurityEvent.objects.all()} == {("192.0.2.7", "Firefox on Linux")}
    assert [event.actor_id for event in SecurityEvent.objects.order_by("id")] == [None, kim.pk, kim.pk, kim.pk]


def test_signing_up_and_another_address_are_written_down() -> None:
    browser, password = Client(), "a wren below the window"
    browser.post("/accounts/signup/", {"email": "new@example.com", "password1": password})
    browser.post("/accounts/reauthenticate/", {"password": password})
    browser.post("/accounts/email/", {"action_add": "", "email": "second@example.com"})
    user = User.objects.get(email="new@example.com")
    assert kinds(user) == ["signed_up", "signed_in", "email_added"]
    assert SecurityEvent.objects.get(kind=Kind.EMAIL_ADDED).detail_words == "second@example.com"


def test_what_somebody_typed_who_did_not_get_in_is_kept_nowhere(kim: User) -> None:
    sign_in(Client(), "nobody-knows@example.com", "typed-in-the-wrong-field")
    event = SecurityEvent.objects.get(kind=Kind.SIGN_IN_FAILED)
    assert event.subject_id is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT row::text FROM accounts_securityevent row")
        assert "nobody" not in str(cursor.fetchall())


def test_the_trail_is_of_the_transaction_of_the_change(kim: User) -> None:
    def change_and_fail() -> None:
        with transaction.atomic():
            record_security_event(Kind.PASSWORD_CHANGED, subject_id=kim.pk)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert kinds(kim) == []


REFUSED: list[Callable[[], Any]] = [
    lambda: SecurityEvent.objects.all().delete(),
    lambda: SecurityEvent.objects.update(kind=Kind.SIGNED_OUT),
    lambda: SecurityEvent.objects.update(subject_id=uuid4()),
    lambda: SecurityEvent.objects.update(details={}),
    lambda: SecurityEvent.objects.update(address=None),
]


@pytest.mark.parametrize("attempt", REFUSED)
def test_nobody_changes_or_deletes_the_trail_of_somebody_who_is_here(kim: User, attempt: Callable[[], Any]) -> None:
    record_security_event(Kind.EMAIL_ADDED, subject_id=kim.pk, actor_id=kim.pk, details={"email": "k@example.com"})
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt()


def test_of_somebody_who_is_gone_only_ids_kinds_and_times_stay(kim: User, rf: Any) -> None:
    operator = User.objects.create_user("op@example.com")
    request = rf.get("/", REMOTE_ADDR="192.0.2.9", headers={"User-Agent": FIREFOX})
    record_security_event(Kind.EMAIL_ADDED, subject_id=kim.pk, actor_id=kim.pk, request=request, details={"email": "k@example.com"})
    record_security_event(Kind.OPERATOR_DELETED, subject_id=kim.pk, actor_id=operator.pk, request=request)
    gone = kim.pk
    kim.delete()
    erase_security_traces([gone])
    own, by_operator = SecurityEvent.objects.order_by("id")
    assert (own.subject_id, own.kind, own.address, own.agent, own.details) == (gone, "email_added", None, "", {})
    assert by_operator.address == "192.0.2.9", "who deleted it, and from where, stays known"
    with pytest.raises(IntegrityError), transaction.atomic():
        SecurityEvent.objects.filter(subject_id=gone).update(kind=Kind.SIGNED_IN)


def test_strangers_are_forgotten_after_three_months_and_nothing_else(kim: User, rf: Any) -> None:
    now, request = timezone.now(), rf.get("/", REMOTE_ADDR="192.0.2.9", headers={"User-Agent": FIREFOX})

    def attempt(days: int, **whose: Any) -> SecurityEvent:
        facts = {"kind": Kind.SIGN_IN_FAILED, "address": "192.0.2.9", "agent": FIREFOX, "details": {"what": "x"}, **whose}
        return SecurityEvent.objects.create(created_at=now - timedelta(days=days), **facts)

    old, recent = attempt(91), attempt(89)
    others = [attempt(91, subject_id=kim.pk), attempt(91, actor_id=kim.pk), attempt(91, subject_id=uuid4())]
    assert forget_strangers(now=now) == 1
    assert forget_strangers(now=now) == 0
    old.refresh_from_db()
    assert (old.kind, old.address, old.agent, old.details) == (Kind.SIGN_IN_FAILED, None, "", {})
    for event in (recent, *others):
        event.refresh_from_db()
        assert (event.address, event.agent, event.details) == ("192.0.2.9", FIREFOX, {"what": "x"})
    record_security_event(Kind.SIGN_IN_FAILED, subject_id=None, request=request)
    with pytest.raises(IntegrityError), transaction.atomic():
        forget_strangers(now=now + timedelta(days=365))


def test_the_page_shows_ones_own_and_goes_on_below(kims_browser: Client, kim: User) -> None:
    other = User.objects.create_user("other@example.com")
    record_security_event(Kind.PASSWORD_RESET, subject_id=other.pk)
    for _ in range(60):
        record_security_event(Kind.SIGNED_OUT, subject_id=kim.pk, actor_id=kim.pk)
    first = kims_browser.get("/settings/activity/")
    html = first.content.decode()
    assert html.count("Signed out</b>") == 50
    assert "Password reset" not in html
    further = kims_browser.get("/settings/activity/", {"before": first.context["events"][-1].id}).content.decode()
    assert further.count("</b>") == 11, "ten, and the sign-in of this browser"
    assert kims_browser.get("/settings/activity/?before=x").status_code == 404


def test_times_are_in_ones_own_zone(kims_browser: Client, kim: User) -> None:
    User.objects.filter(pk=kim.pk).update(time_zone="Asia/Tokyo")
    assert "Times are in Asia/Tokyo" in kims_browser.get("/settings/activity/").content.decode()


def test_the_csv_runs_nothing_in_a_spreadsheet(kim: User, rf: Any) -> None:
    request = rf.get("/", headers={"User-Agent": "=cmd|' /C calc'!A0"})
    record_security_event(Kind.EMAIL_ADDED, subject_id=kim.pk, request=request, details={"email": "+kim@example.com"})
    text = b"".join(csv_of_security_events(SecurityEvent.objects.all())).decode()
    (row,) = csv.DictReader(text.splitlines())
    assert row["event"] == "Email address added"
    assert (row["browser"][:2], row["details"][:2]) == ("'=", "'+")


def test_a_person_whom_operators_delete_leaves_no_trace_in_any_table(kim: User) -> None:
    operator, browser, admin = User.objects.create_superuser("op@example.com"), Client(), Client()
    User.objects.filter(pk=kim.pk).update(name="Kim Unmistakable")
    kim.personal_workspace.name = "Kim Unmistakable"
    kim.personal_workspace.save()
    sign_in(browser, "kim@example.com", PASSWORD)
    record_security_event(Kind.EMAIL_ADDED, subject_id=kim.pk, actor_id=kim.pk, details={"email": "second-of-kim@example.com"})
    admin.force_login(operator)
    admin.post(f"/admin/accounts/user/{kim.pk}/password/", {"password1": "a wren there", "password2": "a wren there"})
    assert traces("kim@example.com", "unmistakable", "second-of-kim"), "it looks where they are"
    assert admin.post(f"/admin/accounts/user/{kim.pk}/delete/", {"post": "yes"}).status_code == 302
    assert browser.get("/settings/").status_code == 302, "shut out at once"
    assert erase_due_people() == 1
    assert traces("kim@example.com", "unmistakable", "second-of-kim") == []


def test_what_operators_do_is_in_the_trail_and_deleting_a_person_erases_theirs(kim: User) -> None:
    operator = User.objects.create_superuser("op@example.com")
    admin = Client(REMOTE_ADDR="192.0.2.8")
    admin.force_login(operator)
    record_security_event(Kind.EMAIL_ADDED, subject_id=kim.pk, actor_id=kim.pk, details={"email": "k@example.com"})
    assert admin.get("/admin/accounts/securityevent/").status_code == 200
    event = SecurityEvent.objects.get(kind=Kind.EMAIL_ADDED)
    assert admin.post(f"/admin/accounts/securityevent/{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin.post(f"/admin/accounts/user/{kim.pk}/delete/", {"post": "yes"}).status_code == 302
    assert erase_due_people() == 1
    by_operator = SecurityEvent.objects.get(kind=Kind.OPERATOR_DELETED)
    assert (by_operator.subject_id, by_operator.actor_id, by_operator.address) == (kim.pk, operator.pk, "192.0.2.8")
    event.refresh_from_db()
    assert event.details == {}
