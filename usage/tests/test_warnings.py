"""People are warned at 80, 90 and 100 %: one notice and one mail for each level and period, whoever races, whatever fails."""

from __future__ import annotations

import itertools
import re
import smtplib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Role
from accounts.types import Actor
from notifications.services import set_muted_topics
from notifications.types import Topic
from usage.models import LimitWarning
from usage.services import mail_warnings, set_allowance, settle
from usage.services.mail_warnings import LEASE, PAUSES
from usage.tests.builders import all_at_once, call, make_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Actor:
    actor = make_actor("ada")
    _limit(actor.workspace_id, 1000)
    return actor


def _limit(workspace_id: UUID, tokens: int | None, cost: Decimal | None = None, version: int = 1) -> None:
    set_allowance(workspace_id, plan_code="t", plan_name="Tester", tokens_per_period=tokens, cost_per_period=cost, version=version)


def _use(actor: Actor, *outputs: int, at: datetime | None = None) -> None:
    for output in outputs:
        settle(None, call(actor.workspace_id, output=output, called_at=at))


def _mid_month() -> datetime:
    """In the middle of the next period: a day later is the same one, whenever this runs."""
    return timezone.now().replace(day=1) + timedelta(days=45)


def _levels() -> list[int]:
    return list(LimitWarning.objects.order_by("level").values_list("level", flat=True))


def _percents() -> list[str]:
    return [re.sub(r"\D", "", str(message.subject)) or "100" for message in mail.outbox]


def test_each_level_is_said_once_when_it_is_reached(actor: Actor) -> None:
    _use(actor, 799)
    assert _levels() == []
    for output, levels in ((1, [80]), (99, [80]), (1, [80, 90]), (100, [80, 90, 100]), (500, [80, 90, 100])):
        _use(actor, output)
        mail_warnings()
        assert _levels() == levels
    assert _percents() == ["80", "90", "100"]


def test_of_several_levels_at_once_only_the_highest_is_mailed(actor: Actor) -> None:
    _use(actor, 950)
    assert _levels() == [80, 90]
    assert mail_warnings() == 1
    assert _percents() == ["90"]


def test_money_counts_like_tokens_whichever_ends_first(actor: Actor) -> None:
    _limit(actor.workspace_id, 1000, Decimal("0.0015"), version=2)
    _use(actor, 80)  # 8 % of the tokens, 0.0012 USD
    assert _levels() == [80]


def test_the_mail_is_for_people_in_text_and_html(actor: Actor) -> None:
    _use(actor, 812)
    mail_warnings()
    message: Any
    (message,) = mail.outbox
    assert message.to == ["ada@example.org"]
    assert message.subject.startswith("You have used 80 % of your plan · ")
    html = message.alternatives[0].content
    for text in (message.body, html):
        assert "Tester" in text
        assert "812" in text
        assert "1,000" in text
        assert "/usage/" in text
    assert "&" not in message.body


def test_who_wants_no_such_mails_gets_none_and_still_reads_it_on_the_page(actor: Actor) -> None:
    set_muted_topics(actor.user_id, frozenset([Topic.USAGE]))
    _use(actor, 850)
    assert mail_warnings() == 0
    assert mail.outbox == []
    assert LimitWarning.objects.get().mail == "needless"
    client = Client()
    client.force_login(get_user_model().objects.get(id=actor.user_id))
    assert "more than <strong>80 %</strong>" in client.get("/usage/").content.decode()


def test_each_owner_gets_a_mail_with_a_way_out_of_their_own(actor: Actor) -> None:
    others = [make_actor("bea"), make_actor("cy")]
    Membership.objects.bulk_create(Membership(workspace_id=actor.workspace_id, user_id=one.user_id, role=Role.OWNER) for one in others)
    set_muted_topics(others[1].user_id, frozenset([Topic.USAGE]))
    _use(actor, 850)
    assert mail_warnings() == 2
    assert [message.to for message in mail.outbox] == [["ada@example.org"], ["bea@example.org"]]
    ways_out = [message.extra_headers["List-Unsubscribe"][1:-1] for message in mail.outbox]
    assert len(set(ways_out)) == 2
    message: Any
    for message, way_out in zip(mail.outbox, ways_out, strict=True):
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert way_out in message.body
        assert way_out in message.alternatives[0].content
    way_out = "/" + ways_out[1].split("/", 3)[3]
    assert Client(enforce_csrf_checks=True).post(way_out).status_code == 200
    _use(actor, 100)
    assert mail_warnings() == 1
    assert mail.outbox[-1].to == ["ada@example.org"]


class RefusesBea(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        if messages[0].to == ["bea@example.org"]:
            raise smtplib.SMTPRecipientsRefused({})
        return super().send_messages(messages)


class LosesWhoSends(EmailBackend):
    """The process ends in the middle of the second mail."""

    def send_messages(self, messages: Any) -> int:
        if messages[0].to == ["bea@example.org"]:
            raise KeyboardInterrupt
        return super().send_messages(messages)


@pytest.fixture
def three_owners(actor: Actor) -> None:
    others = [make_actor("bea"), make_actor("cy")]
    Membership.objects.bulk_create(Membership(workspace_id=actor.workspace_id, user_id=one.user_id, role=Role.OWNER) for one in others)


def _mailed_to() -> list[str]:
    return [message.to[0].partition("@")[0] for message in mail.outbox]


@pytest.mark.usefixtures("three_owners")
def test_when_one_owners_mail_fails_it_alone_is_tried_again(actor: Actor, settings: Any) -> None:
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.RefusesBea"
    now = _mid_month()
    _use(actor, 850, at=now)
    assert mail_warnings(now=now) == 2
    assert mail_warnings(now=now + timedelta(minutes=PAUSES[0])) == 0
    assert _mailed_to() == ["ada", "cy"]
    settings.EMAIL_BACKEND = working
    assert mail_warnings(now=now + timedelta(minutes=PAUSES[0] + PAUSES[1])) == 1
    assert mail_warnings(now=now + timedelta(days=1)) == 0
    assert _mailed_to() == ["ada", "cy", "bea"]
    assert LimitWarning.objects.values_list("mail", "written_to").get() == ("sent", [])


@pytest.mark.usefixtures("three_owners")
def test_an_address_that_is_always_refused_brings_nobody_else_a_second_mail(actor: Actor, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.RefusesBea"
    now = _mid_month()
    _use(actor, 850, at=now)
    for minutes in (0, *PAUSES, *PAUSES):
        now += timedelta(minutes=minutes)
        mail_warnings(now=now)
    assert _mailed_to() == ["ada", "cy"]
    assert LimitWarning.objects.values_list("mail", "written_to").get() == ("failed", [])


@pytest.mark.usefixtures("three_owners")
def test_when_a_sender_is_lost_another_goes_on_with_those_who_have_nothing(actor: Actor, settings: Any) -> None:
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.LosesWhoSends"
    now = _mid_month()
    _use(actor, 850, at=now)
    with pytest.raises(KeyboardInterrupt):
        mail_warnings(now=now)
    settings.EMAIL_BACKEND = working
    assert mail_warnings(now=now) == 0, "not before the lease of the first one is over"
    assert mail_warnings(now=now + LEASE) == 1
    assert _mailed_to() == ["ada", "cy"], "whether bea has hers nobody knows: never twice"
    assert LimitWarning.objects.values_list("mail", "written_to").get() == ("sent", [])


def test_every_month_begins_anew(actor: Actor) -> None:
    _use(actor, 900)
    settle(None, call(actor.workspace_id, output=900, called_at=timezone.now() - timedelta(days=40)))
    assert LimitWarning.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_ten_workers_racing_write_one_mail_for_each_level(actor: Actor) -> None:
    settled = all_at_once(100, lambda number: settle(None, call(actor.workspace_id, output=10)), threads=10)
    mailed = all_at_once(10, lambda number: mail_warnings(), threads=10)
    assert [result for result in (*settled, *mailed) if isinstance(result, Exception)] == []
    assert _levels() == [80, 90, 100]
    assert sorted(_percents()) == ["100", "80", "90"]


class Flaky(EmailBackend):
    """Every third mail is lost on its way."""

    handed = itertools.count()

    def send_messages(self, messages: Any) -> int:
        if next(self.handed) % 3 == 1:
            raise ConnectionResetError
        return super().send_messages(messages)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("three_owners")
def test_ten_workers_racing_write_to_each_owner_once_for_each_level_though_every_third_mail_fails(actor: Actor, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Flaky"
    began = _mid_month()
    for output in (800, 100, 100):
        _use(actor, output, at=began)
        for minutes in itertools.accumulate((0, *PAUSES)):
            moment = began + timedelta(minutes=minutes)
            results = all_at_once(10, lambda number, moment=moment: mail_warnings(now=moment), threads=10)  # type: ignore[misc]
            assert [result for result in results if isinstance(result, Exception)] == []
    each = sorted(f"{name} {percent}" for name in ("ada", "bea", "cy") for percent in ("80", "90", "100"))
    assert sorted(f"{name} {percent}" for name, percent in zip(_mailed_to(), _percents(), strict=True)) == each
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 9


class Broken(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("away")


def test_a_mail_that_cannot_be_sent_is_tried_again_later_and_given_up_in_the_end(actor: Actor, settings: Any) -> None:
    working = settings.EMAIL_BACKEND
    now = _mid_month()
    _use(actor, 800, at=now)
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    assert mail_warnings(now=now) == 0
    settings.EMAIL_BACKEND = working
    assert mail_warnings(now=now) == 0, "not at once"
    assert mail_warnings(now=now + timedelta(minutes=PAUSES[0])) == 1
    assert len(mail.outbox) == 1

    _use(actor, 100, at=now)
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    for minutes in (0, *PAUSES):
        now += timedelta(minutes=minutes)
        mail_warnings(now=now)
    assert LimitWarning.objects.get(level=90).mail == "failed"


def test_what_is_no_longer_true_is_not_mailed(actor: Actor) -> None:
    _use(actor, 900)
    _limit(actor.workspace_id, 5000, version=2)
    assert mail_warnings() == 0
    assert LimitWarning.objects.get(level=90).mail == "needless"


def test_an_erased_person_is_not_written_to(actor: Actor) -> None:
    _use(actor, 900)
    get_user_model().objects.get(id=actor.user_id).delete()
    assert mail_warnings() == 0


def test_the_notice_stays_until_it_is_put_away_and_the_next_level_shows_a_new_one(actor: Actor) -> None:
    client = Client()
    client.force_login(get_user_model().objects.get(id=actor.user_id))
    _use(actor, 850)
    for address in ("/usage/", "/usage/meter/"):
        assert "more than <strong>80 %</strong>" in client.get(address).content.decode()
    assert client.post("/usage/dismiss/").headers["Location"] == "/usage/"
    assert "Dismiss" not in client.get("/usage/meter/").content.decode()
    _use(actor, 200)
    assert "Your plan is used up." in client.get("/usage/meter/").content.decode()
    assert client.post("/usage/dismiss/", headers={"HX-Request": "true"}).status_code == 200
    assert client.get("/usage/dismiss/").status_code == 405


def test_nobody_puts_away_the_notices_of_others(actor: Actor) -> None:
    stranger = Client()
    stranger.force_login(get_user_model().objects.get(id=make_actor().user_id))
    _use(actor, 850)
    stranger.post("/usage/dismiss/")
    assert LimitWarning.objects.filter(dismissed_at__isnull=True).count() == 1
