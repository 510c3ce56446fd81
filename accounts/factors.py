"""Our answers to what allauth asks about second factors: names, words, how secrets are kept."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from accounts.devices import device_name
from accounts.models import User
from core.exceptions import Unavailable

KEY_LOST = "Your second step cannot be read any more: the site's key has changed. Please ask the people who run this site."


# In the words of the page where they are set up.
_NAMES = {
    Authenticator.Type.TOTP: "Authenticator app",
    Authenticator.Type.WEBAUTHN: "Passkey",
    Authenticator.Type.RECOVERY_CODES: "Recovery codes",
}


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and seeds of recovery codes are encrypted with a key that is not in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That was not right. Codes work once, and for about a minute.",
        "unverified_email": "Confirm your email address first; then you can add a second step.",
        "cannot_generate_recovery_codes": "Recovery codes come with an authenticator app or a passkey.",
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise Unavailable(KEY_LOST) from error

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What the list calls a new passkey, unless its owner has a better name."""
        return device_name(context.request.META.get("HTTP_USER_AGENT", ""))


def factor_name(factor: Authenticator) -> str:
    """What people call it: in the trail, in mails."""
    return _NAMES[Authenticator.Type(factor.type)]


def _cipher() -> MultiFernet:
    """`SECRET_KEY` encrypts; those before it (`SECRET_KEY_FALLBACKS`) still open what they closed."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: Any) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second factors:" + str(secret).encode()).digest()))
