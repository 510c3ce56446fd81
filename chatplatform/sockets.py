"""Who may open a socket at all; to what it may listen is asked by the consumer."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser


class OpenAccountsOnly:
    """A closed account hears nothing: to the consumer it is nobody, as every page leads it away (`accounts.middleware`).

    Sockets from before are closed with their sessions when the account is (`accounts.services.close_account`).
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        user = scope["user"]
        if user.is_authenticated and user.deletion_due_at is not None:
            scope = {**scope, "user": AnonymousUser()}
        return await self.app(scope, receive, send)
