"""A mail goes out once, whoever races and whatever fails; what cannot go out is seen."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications.models import Notification
from notifications.services import notify, send_due, try_again
from notifications.services.send_due import LEASE, PAUSES
from notifications.types import Kind, Status

LONG = timedelta(days=2)


class RefusingServer(BaseEmailBackend):
    """Answers as a mail server that does not know the address."""

    def send_messages(self, email_messages: Any) -> int:
        from smtplib import SMTPRecipientsRefused

        raise SMTPRecipientsRefused({"kim@example.com": (550, b"no such user kim@example.com")})


def row() -> Notification:
    return Notification.objects.get()


@pytest.mark.django_db(transaction=True)
def test_ten_workers_that_race_send_each_mail_once(kim: User) -> None:
    for number in range(5):
        notify(Kind.WELCOME, kim.pk, {}, key=f"welcome:{number}")

    def work(_: int) -> int:
        try:
            return send_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as workers:
        assert sum(workers.map(work, range(10))) == 5
    assert len(mail.outbox) == 5
    assert set(Notification.objects.values_list("status", "attempts")) == {(Status.SENT, 1)}


@pytest.mark.django_db
def test_the_same_thing_is_told_once(kim: User) -> None:
    assert [notify(Kind.WELCOME, kim.pk, {}, key="one") for _ in range(3)] == [True, False, False]
    assert (send_due(), send_due(), len(mail.outbox)) == (1, 0, 1)


@pytest.mark.django_db
def test_no_commit_no_mail(kim: User) -> None:
    def notify_and_fail() -> None:
        with transaction.atomic():
            notify(Kind.WELCOME, kim.pk, {}, key="one")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        notify_and_fail()
    assert send_due() == 0


@pytest.mark.django_db
def test_people_who_are_shut_out_are_not_written_to(kim: User) -> None:
    User.objects.filter(pk=kim.pk).update(is_active=False)
    assert notify(Kind.WELCOME, kim.pk, {}, key="one") is False
    assert not Notification.objects.exists()


@pytest.mark.django_db
def test_a_mail_waits_while_the_server_is_down_and_goes_out_afterwards(kim: User, mail_is_down: None, settings: Any) -> None:
    now = timezone.now()
    notify(Kind.WELCOME, kim.pk, {}, key="one")
    assert send_due(now=now + timedelta(seconds=1)) == 0
    assert (row().status, row().attempts, row().last_error) == (Status.QUEUED, 1, "ConnectionRefusedError")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_due(now=now + timedelta(seconds=50)) == 0
    assert send_due(now=now + timedelta(seconds=90)) == 1
    assert (row().status, row().last_error, len(mail.outbox)) == (Status.SENT, "", 1)


@pytest.mark.django_db
def test_a_mail_is_given_up_for_operators_to_see_and_to_try_again(kim: User, mail_is_down: None, settings: Any) -> None:
    now = timezone.now()
    notify(Kind.WELCOME, kim.pk, {}, key="one")
    for number in range(len(PAUSES) + 3):
        send_due(now=now + number * LONG)
    assert (row().status, row().attempts) == (Status.FAILED, len(PAUSES) + 1)
    operator, action = Client(), {"action": "send_again", "_selected_action": [str(row().pk)]}
    operator.force_login(User.objects.create_superuser("operator@example.com", "a sparrow on the roof"))
    assert "ConnectionRefusedError" in operator.get("/admin/notifications/notification/?status__exact=failed").content.decode()
    assert operator.post("/admin/notifications/notification/", action).status_code == 302
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert (send_due(), row().status) == (1, Status.SENT)
    assert try_again([row().pk]) == 0


@pytest.mark.django_db
def test_an_address_that_the_server_refuses_is_not_tried_again_and_stands_in_no_log(
    kim: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"
    notify(Kind.WELCOME, kim.pk, {}, key="one")
    with caplog.at_level(logging.DEBUG, logger="notifications"):
        send_due()
    assert (row().status, row().attempts, row().last_error) == (Status.FAILED, 1, "SMTPRecipientsRefused")
    assert caplog.records
    assert "kim@" not in " ".join(str(vars(record)) for record in caplog.records)


@pytest.mark.django_db
def test_a_mail_whose_sender_was_lost_is_sent_by_another_when_the_lease_is_over(kim: User) -> None:
    notify(Kind.WELCOME, kim.pk, {}, key="one")
    now = timezone.now()
    Notification.objects.update(status=Status.SENDING, attempts=1, due_at=now + LEASE)
    assert send_due(now=now) == 0
    assert send_due(now=now + LEASE) == 1
    [message] = mail.outbox
    assert isinstance(message, EmailMessage)
    assert message.extra_headers["Message-ID"].startswith(f"<{row().pk}@")
