"""Who forgot the password gets a link; nobody learns who has an account."""

from __future__ import annotations

import re
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import PASSWORD

NEW = "a pigeon in the hand"


def ask(client: Client, email: str = "Kim@Example.com", **more: Any) -> Any:
    return client.post("/accounts/password/reset/", {"email": email}, follow=True, **more)


def link() -> str:
    [message] = mail.outbox
    found = re.search(r"https?://\S+/accounts/password/reset/key/\S+/", str(message.body))
    assert found is not None
    return found[0]


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def choose(client: Client, path: str, password: str = NEW) -> Any:
    form = client.get(path, follow=True)
    [(address, _)] = form.redirect_chain
    return client.post(address, {"password1": password, "password2": password}, follow=True)


def test_the_link_leads_to_a_new_password_that_signs_in(kim: User, client: Client) -> None:
    ask(client)
    assert "Your password is changed" in choose(client, path_of(link())).content.decode()
    kim.refresh_from_db()
    assert kim.check_password(NEW)
    assert not kim.check_password(PASSWORD)


def test_a_link_works_once(kim: User, client: Client) -> None:
    ask(client)
    path = path_of(link())
    choose(client, path)
    assert "This link does not work any more" in client.get(path, follow=True).content.decode()


def test_a_weak_password_is_refused_at_its_field(kim: User, client: Client) -> None:
    ask(client)
    html = choose(client, path_of(link()), "12345").content.decode()
    assert 'id="id_password1_error"' in html
    kim.refresh_from_db()
    assert kim.check_password(PASSWORD)


def test_an_unknown_address_gets_the_same_answer(kim: User) -> None:
    known, unknown = ask(Client()), ask(Client(), "nobody@example.com")
    assert known.redirect_chain == unknown.redirect_chain
    assert without_what_differs_anyway(known) == without_what_differs_anyway(unknown)


def without_what_differs_anyway(response: Any) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value=)"[^"]*"', r"\1", response.content.decode())


def test_an_unknown_address_is_told_by_mail_that_there_is_no_account(client: Client, db: None) -> None:
    ask(client, "nobody@example.com")
    [message] = mail.outbox
    assert message.to == ["nobody@example.com"]
    assert message.subject == "No account with this address"


def test_the_mail_is_text_and_html_and_carries_the_sites_name(kim: User, client: Client, settings: Any) -> None:
    settings.SITE_NAME = "Chat & Co"
    ask(client)
    [message] = mail.outbox
    assert message.subject == "Choose a new password"
    assert "Chat & Co" in str(message.body)
    assert isinstance(message, mail.EmailMultiAlternatives)
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    assert "Chat &amp; Co" in str(html)
    assert link() in str(html)


def test_who_asks_does_not_choose_the_host_of_the_link(kim: User, client: Client, settings: Any) -> None:
    settings.BASE_URL = "https://chat.example.com"
    settings.ALLOWED_HOSTS = ["*"]
    ask(client, headers={"host": "evil.example.org"})
    assert link().startswith("https://chat.example.com/accounts/password/reset/key/")


def test_a_mail_server_that_is_down_is_said_in_plain_words(kim: User, client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = ask(client)
    assert response.status_code == 503
    assert "We could not send an email just now" in response.content.decode()


def test_logs_name_nobody_whose_mail_was_refused(kim: User, client: Client, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert ask(client).status_code == 503
    assert "An e-mail could not be sent" in caplog.text
    assert kim.email not in caplog.text


class Refusing(BaseEmailBackend):
    """A mail server that takes nothing, and says for whom."""

    def send_messages(self, email_messages: Any) -> int:
        raise SMTPRecipientsRefused({one: (550, f"no such {one}".encode()) for message in email_messages for one in message.to})


@pytest.mark.parametrize("switched_off", [True, False])
def test_an_account_that_is_switched_off_gets_no_link(kim: User, client: Client, switched_off: bool) -> None:
    User.objects.update(is_active=not switched_off)
    ask(client)
    assert ("/password/reset/key/" in str(mail.outbox[0].body)) is not switched_off


def test_whoever_proves_an_address_by_mail_gets_rid_of_what_was_linked_before(client: Client, kim: User) -> None:
    """Somebody may have signed up with another's address and linked an account of their own, to get in again later."""
    SocialAccount.objects.create(user=kim, provider="google", uid="of-the-thief")
    thief = Client()
    thief.force_login(kim)
    ask(client)
    client.post(client.get(link())["Location"], {"password1": NEW})
    assert not SocialAccount.objects.exists()
    assert thief.get("/settings/").status_code == 302
    assert EmailAddress.objects.get(user=kim).verified
