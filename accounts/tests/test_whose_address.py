"""An address belongs to whoever reads its mails: typing it first, or as a further one, leads nobody into anything."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import SecurityEvent, User
from accounts.services.change_email import change_email
from accounts.tests.conftest import PASSWORD, confirm
from accounts.tests.taken_over import addresses
from accounts.types import SecurityEventKind as Kind

pytestmark = pytest.mark.django_db
NOAS, THIEFS, NEW = "noa@example.com", "thief@example.org", "a pigeon in the hand"


def links(to: str, path: str) -> list[str]:
    found = [re.search(rf"https?://[^/\s]+(/accounts/{path}/\S+/)", str(one.body)) for one in mail.outbox if one.to == [to]]
    return [one[1] for one in found if one]


def forgotten(email: str) -> list[str]:
    """The links that are sent to whoever says that the password of this address is forgotten."""
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": email})
    return links(email, "password/reset/key")


def choose(link: str) -> None:
    owner = Client()
    assert owner.post(owner.get(link)["Location"], {"password1": NEW}).status_code == 302


def add(browser: Client, email: str) -> None:
    confirm(browser)
    browser.post("/accounts/email/", {"action_add": "", "email": email})


@pytest.fixture
def claimed(kim: User, kims_browser: Client) -> User:
    """Kim has typed the address of Noa, who is not here yet, and has waited until another mail may go there."""
    EmailAddress.objects.update(verified=True)
    add(kims_browser, NOAS)
    assert (NOAS, False, False) in addresses(kim)
    return kim


@pytest.mark.parametrize("verification", ["none", "optional"])
def test_who_signs_up_with_the_address_of_another_has_no_way_back_once_its_owner_takes_it(settings: Any, verification: str) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    thief = Client()
    thief.post("/accounts/signup/", {"email": NOAS, "password1": PASSWORD})
    add(thief, THIEFS)
    [link] = links(THIEFS, "confirm-email")
    thief.post(link)
    noa = User.objects.get()
    assert (THIEFS, False, True) in addresses(noa)
    [link] = forgotten(NOAS)
    choose(link)
    assert addresses(noa) == [(NOAS, True, True)]
    assert forgotten(THIEFS) == []
    assert Client().post("/accounts/login/", {"login": THIEFS, "password": NEW}).status_code == 200
    event = SecurityEvent.objects.get(subject_id=noa.pk, kind=Kind.EMAIL_REMOVED)
    assert event.details == {"email": THIEFS}


def test_further_addresses_of_a_proved_account_stay_when_its_password_is_forgotten(kim: User) -> None:
    EmailAddress.objects.update(verified=True)
    EmailAddress.objects.create(user=kim, email="kim@example.org", verified=True)
    [link] = forgotten(kim.email)
    choose(link)
    assert len(addresses(kim)) == 2
    [link] = forgotten("kim@example.org")
    choose(link)


@pytest.mark.parametrize("verification", ["none", "optional", "mandatory"])
def test_an_address_that_somebody_has_typed_leads_its_owner_into_no_account(claimed: User, settings: Any, verification: str) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    assert forgotten(NOAS) == []
    claimed.refresh_from_db()
    assert claimed.check_password(PASSWORD)


@pytest.mark.parametrize("verification", ["none", "optional", "mandatory"])
def test_nor_keeps_it_its_owner_out(claimed: User, settings: Any, verification: str) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION, settings.ACCOUNT_RATE_LIMITS = verification, False
    mail.outbox.clear()
    noas = Client()
    assert noas.post("/accounts/signup/", {"email": NOAS, "password1": NEW}).status_code == 302
    noa = User.objects.get(email=NOAS)
    assert addresses(noa) == [(NOAS, True, False)]
    assert len(links(NOAS, "confirm-email")) == (verification != "none")
    assert addresses(claimed) == [(claimed.email, True, True)]
    assert SecurityEvent.objects.get(kind=Kind.EMAIL_REMOVED).subject_id == claimed.pk, "who had typed it is told"


def test_nor_does_it_stand_beside_an_account_that_an_operator_makes_or_corrects(claimed: User) -> None:
    noa = User.objects.create_user(NOAS, NEW)
    assert addresses(noa) == [(NOAS, True, False)]
    assert addresses(claimed) == [(claimed.email, True, True)]
    EmailAddress.objects.create(user=claimed, email="noa@example.org")
    change_email(noa, "noa@example.org", former=NOAS)
    assert addresses(claimed) == [(claimed.email, True, True)]
