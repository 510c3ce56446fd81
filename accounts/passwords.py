"""Which passwords are refused: those that are first on everybody's list, also when they are dressed up."""

from __future__ import annotations

import functools
import hashlib
import logging
import re
import urllib.request

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)
_LEET = str.maketrans("013457@$!", "oleastasi")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890", "qwertzuiop", "azertyuiop")
_TIMEOUT_SECONDS = 2.0


class DressedUpPasswordValidator:
    """Refuses a common password with other letters or an ending (`P@ssw0rd123!`), a row of keys, one piece again and again,
    and the site's own name.
    """

    def validate(self, password: str, user: object = None) -> None:
        plain = password.lower()
        core = plain.strip("0123456789!?.#*-_ $&+").translate(_LEET)
        if core in _common() or _is_a_row(plain) or re.fullmatch(r"(.{1,4}?)\1{2,}.?", plain) or self._is_the_site(core):
            raise ValidationError("This password is among the first that are guessed.", code="password_dressed_up")

    def get_help_text(self) -> str:
        return "Not a common password, not one with other letters or an ending either."

    def _is_the_site(self, core: str) -> bool:
        name = re.sub(r"\W", "", settings.SITE_NAME.lower())
        return bool(name) and re.sub(r"\W", "", core) == name


class BreachedPasswordValidator:
    """Asks a service that knows stolen passwords, when the operator names one (`BREACHED_PASSWORDS_URL`).

    Only the first five characters of the password's SHA-1 leave the house (k-anonymity, the "range" protocol of Have I Been
    Pwned, version 3, 2026-11). A service that does not answer within two seconds holds nobody up.
    """

    def validate(self, password: str, user: object = None) -> None:
        if settings.BREACHED_PASSWORDS_URL and self._is_known(password):
            raise ValidationError("This password was stolen somewhere and is on lists that are tried first.", code="password_breached")

    def get_help_text(self) -> str:
        return ""

    def _is_known(self, password: str) -> bool:
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        request = urllib.request.Request(f"{settings.BREACHED_PASSWORDS_URL}/range/{digest[:5]}", headers={"Add-Padding": "true"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - the operator's http(s) address
                lines = answer.read().decode("ascii", "replace").splitlines()
        except OSError as error:
            logger.warning("The list of stolen passwords does not answer", extra={"cause": repr(error)})
            return False
        return any(line.partition(":")[0].strip() == digest[5:] and not line.endswith(":0") for line in lines)


@functools.cache
def _common() -> frozenset[str]:
    """Django's list of 20,000; and what is left of each without its ending, when that is still a word."""
    known = CommonPasswordValidator().passwords
    return frozenset(known) | {core for word in known if len(core := word.strip("0123456789")) >= 5}


def _is_a_row(password: str) -> bool:
    """Six or more neighbours on the keyboard or in the alphabet, there and back, and hardly anything else."""
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for length in range(min(len(row), len(password)), 5, -1):
            found = next((start for start in range(len(row) - length + 1) if row[start : start + length] in password), None)
            if found is not None:
                return len(password) - length <= 3
    return False
