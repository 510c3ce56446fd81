"""What somebody needs besides the password."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator

from accounts.types import Factors, Passkey


def factors_of(user_id: UUID) -> Factors:
    """The person's authenticator app, passkeys and recovery codes that are left. One query."""
    app, codes_left, passkeys = None, None, []
    for row in Authenticator.objects.filter(user_id=user_id).order_by("created_at"):
        if row.type == Authenticator.Type.TOTP:
            app = row.created_at
        elif row.type == Authenticator.Type.RECOVERY_CODES:
            codes_left = len(row.wrap().get_unused_codes())
        else:
            key = row.wrap()
            passkeys.append(Passkey(row.pk, key.name, bool(key.is_passwordless), row.created_at, row.last_used_at))
    return Factors(app_since=app, codes_left=codes_left, passkeys=tuple(passkeys))
