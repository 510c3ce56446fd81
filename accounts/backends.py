"""Who is signed in, and with them the workspace they act in and the address of their picture: one query for all."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F, OuterRef, Subquery

from accounts.models import Membership, User


class EmailBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in by e-mail and password, for the product and for the admin alike."""

    def get_user(self, user_id: Any) -> User | None:
        """The active user, with `actor_workspace_id` (None once the membership is gone) and `picture_digest` (None without one)."""
        own: Any = Membership.objects.filter(user_id=OuterRef("pk"), workspace__personal_of_id=OuterRef("pk"))
        found = User.objects.annotate(actor_workspace_id=Subquery(own.values("workspace_id")[:1]), picture_digest=F("avatar__digest"))
        found = found.filter(pk=user_id)
        return next((user for user in found if self.user_can_authenticate(user)), None)
