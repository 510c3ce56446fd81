"""Mails that are kept as files are erased with their person, also those that went to addresses they no longer have."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import send_mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.close_account import close_account
from accounts.services.erase_people import erase_person
from accounts.tests.conftest import confirm
from accounts.tests.taken_over import FORMER, THIEFS, change_to
from notifications.services import send_due

FURTHER = "kim@example.net"


@pytest.mark.django_db
def test_mails_to_former_addresses_are_erased_and_those_of_others_stay(
    kim: User, kims_browser: Client, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR, folder = tmp_path, tmp_path / "mail"
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "core.mail_files.EmailBackend", str(folder)
    confirm(kims_browser)
    kims_browser.post("/accounts/email/", {"action_add": "", "email": FURTHER})
    kims_browser.post("/accounts/email/", {"action_remove": "", "email": FURTHER})
    change_to(kims_browser, THIEFS)
    kims_browser.post("/accounts/email/", {"action_remove": "", "email": FORMER})
    assert set(EmailAddress.objects.values_list("email", flat=True)) == {THIEFS}
    send_due()
    send_mail("to somebody else", "words", None, ["noa@example.com"])
    names = {name: [path for path in folder.iterdir() if name in path.read_text()] for name in (FORMER, THIEFS, FURTHER)}
    assert all(names.values())
    close_account(User.objects.get(pk=kim.pk))
    assert erase_person(kim.pk, now=timezone.now() + timedelta(days=15))
    [left] = folder.iterdir()
    assert "To: noa@example.com" in left.read_text()


def test_two_mails_of_one_moment_are_two_files(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "core.mail_files.EmailBackend", str(tmp_path)
    for number in range(50):
        send_mail(f"number {number}", "words", None, [f"p{number}@example.com"])
    assert len(list(tmp_path.iterdir())) == 50
