"""People choose what they are written about; what concerns the security of their account always comes."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from django.conf import settings as configured
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.selectors import actor_for
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind as Event
from notifications.models import Muted, Notification
from notifications.selectors import muted_topics, wants, who_wants
from notifications.selectors.personal_data import personal_data
from notifications.services import notify, send_due, set_muted_topics
from notifications.services.set_muted_topics import mute
from notifications.stopping import stop_address
from notifications.topics import SENTENCES, topic_of
from notifications.types import Kind, Topic

pytestmark = pytest.mark.django_db
OPTIONAL = {Kind.EXPORT_READY: Topic.EXPORTS, Kind.EXPORT_FAILED: Topic.EXPORTS, Kind.WELCOME: Topic.NEWS}
EXPORT = {"export": "01990000-0000-7000-8000-000000000000", "expires_at": "2026-12-24T12:00:00+00:00"}


@pytest.fixture
def kims_browser(kim: User) -> Client:
    browser = Client()
    browser.force_login(kim)
    return browser


def strict() -> Client:
    """A browser at a server that checks CSRF tokens, as the real one does."""
    return Client(enforce_csrf_checks=True)


def sent(index: int = -1) -> Any:
    send_due()
    return mail.outbox[index]


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_is_written_about_a_muted_topic_and_everything_about_security(kim: User, kind: Kind) -> None:
    set_muted_topics(kim.pk, frozenset(Topic))
    assert topic_of(kind) == OPTIONAL.get(kind)
    assert notify(kind, kim.pk, EXPORT, key="one") is (kind not in OPTIONAL)
    assert Notification.objects.count() == (kind not in OPTIONAL)


def test_who_muted_one_topic_hears_of_the_others(kim: User) -> None:
    set_muted_topics(kim.pk, frozenset([Topic.NEWS]))
    assert notify(Kind.WELCOME, kim.pk, {}, key="one") is False
    assert notify(Kind.EXPORT_FAILED, kim.pk, {}, key="two") is True
    assert muted_topics(kim.pk) == {Topic.NEWS}
    assert (wants(kim.pk, Topic.NEWS), wants(kim.pk, Topic.USAGE)) == (False, True)
    noa = User.objects.create_user("noa@example.com")
    assert who_wants([kim.pk, noa.pk], Topic.NEWS) == {noa.pk}


def test_choices_replace_the_former_ones_and_may_be_repeated(kim: User) -> None:
    for topics in ([Topic.NEWS, Topic.USAGE], [Topic.USAGE, Topic.EXPORTS], [Topic.USAGE, Topic.EXPORTS]):
        set_muted_topics(kim.pk, frozenset(topics))
        assert muted_topics(kim.pk) == set(topics)
    mute(kim.pk, Topic.USAGE)
    assert Muted.objects.count() == 2


def test_a_mail_that_waits_is_not_sent_to_who_has_muted_it_meanwhile(kim: User) -> None:
    notify(Kind.WELCOME, kim.pk, {}, key="one")
    notify(Kind.PASSWORD_CHANGED, kim.pk, {}, key="two")
    mute(kim.pk, Topic.NEWS)
    send_due()
    assert [message.subject for message in mail.outbox] == ["Your password was changed"]


def test_an_export_that_is_ready_is_told_unless_that_is_muted(kim: User) -> None:
    record_security_event(Event.EXPORT_READY, subject_id=kim.pk, details=EXPORT)
    mute(kim.pk, Topic.EXPORTS)
    record_security_event(Event.EXPORT_READY, subject_id=kim.pk, details=EXPORT)
    assert Notification.objects.count() == 0, "the first one still waited"


def test_the_page_has_a_box_and_a_sentence_for_each_topic_and_stores_them(kim: User, kims_browser: Client) -> None:
    html = kims_browser.get("/settings/notifications/").content.decode()
    assert len(re.findall(r'name="topics"[^>]* checked', html)) == len(Topic)
    for topic in Topic:
        assert topic.label in html
        assert SENTENCES[topic] in html
    assert "security of your account" in html
    answer = kims_browser.post("/settings/notifications/", {"topics": ["exports", "no such topic"]}, follow=True)
    assert "Your choices are saved." in answer.content.decode()
    assert re.findall(r'value="(\w+)"[^>]* checked', answer.content.decode()) == ["exports"]
    assert muted_topics(kim.pk) == {Topic.USAGE, Topic.NEWS}


def test_the_page_is_for_who_is_signed_in_and_takes_no_foreign_form(kim: User) -> None:
    assert Client().get("/settings/notifications/")["Location"].startswith("/accounts/login/")
    forged = strict()
    forged.force_login(kim)
    assert forged.post("/settings/notifications/", {}).status_code == 403
    assert muted_topics(kim.pk) == frozenset()


@pytest.mark.parametrize("kind", OPTIONAL)
def test_a_mail_that_may_be_refused_says_how_in_text_html_and_headers(kim: User, kind: Kind) -> None:
    notify(kind, kim.pk, EXPORT, key="one")
    message = sent()
    link = f"{configured.BASE_URL}{stop_address(kim.pk, OPTIONAL[kind])}"
    assert link in message.body
    assert link in message.alternatives[0].content
    assert message.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "stop/" not in str(Notification.objects.values_list("context", flat=True)), "rows hold no links that act"


def test_a_notice_about_security_has_no_way_out(kim: User) -> None:
    notify(Kind.PASSWORD_CHANGED, kim.pk, {}, key="one")
    message = sent()
    assert "List-Unsubscribe" not in message.extra_headers
    assert "/stop/" not in message.body + message.alternatives[0].content


def test_one_click_in_a_mail_program_mutes_and_is_answered_without_a_redirect(kim: User) -> None:
    answer = strict().post(stop_address(kim.pk, Topic.EXPORTS), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert muted_topics(kim.pk) == {Topic.EXPORTS}


def test_opening_the_link_changes_nothing_the_button_does_and_it_can_be_undone(kim: User) -> None:
    browser, address = strict(), stop_address(kim.pk, Topic.NEWS)
    assert "Stop these mails" in browser.get(address).content.decode()
    assert muted_topics(kim.pk) == frozenset()
    stopped = browser.post(address)
    assert "You get no more mails" in stopped.content.decode()
    assert muted_topics(kim.pk) == {Topic.NEWS}
    assert "You get no more mails" in browser.get(address).content.decode()
    undo, token = f"{address}undo/", stopped.context["csrf_token"]
    assert browser.post(undo).status_code == 403, "the undo is a form of the page, and of no other"
    again = browser.post(undo, {"csrfmiddlewaretoken": str(token)}, follow=True)
    assert "These mails come again." in again.content.decode()
    assert muted_topics(kim.pk) == frozenset()


def test_a_link_that_is_not_whole_or_leads_to_nobody_says_so_and_does_nothing(kim: User) -> None:
    address = stop_address(kim.pk, Topic.NEWS)
    other = stop_address(kim.pk, Topic.USAGE)
    swapped = other.rpartition(":")[0] + ":" + address.rpartition(":")[2]
    for wrong in (address[:-4] + "xxx/", "/settings/notifications/stop/nonsense/", swapped):
        for ask in (Client().get, Client().post):
            assert ask(wrong).status_code == 404
        assert Client().post(f"{wrong}undo/").status_code == 404
    assert not Muted.objects.exists()
    kim.delete()
    assert Client().post(address).status_code == 404


def test_choices_are_taken_along_and_go_with_their_person(kim: User) -> None:
    mute(kim.pk, Topic.USAGE)
    files = {file.path: b"".join(file.pieces) for file in personal_data(actor_for(kim.pk), lambda: None)}
    assert orjson.loads(files["notifications.json"]) == {"usage": False, "exports": True, "news": True}
    kim.delete()
    assert not Muted.objects.exists()
