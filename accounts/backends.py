"""Who is signed in, and with them the workspace they act in and the address of their picture: one query for all."""

from __future__ import annotations

import functools
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F, OuterRef, Subquery

from accounts.models import Membership, User


class EmailBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in by e-mail and password, for the product and for the admin alike."""

    def get_user(self, user_id: Any) -> User | None:
        """The active user, with `actor_workspace_id` (None once the membership is gone) and `picture_digest` (None without one)."""
        found = User.objects.raw(_statement(), [user_id])
        return next((user for user in found if self.user_can_authenticate(user)), None)


@functools.cache
def _statement() -> str:
    """The SQL for one user, `id` open. Every request asks for it, and putting it together takes longer than the database does."""
    own: Any = Membership.objects.filter(user_id=OuterRef("pk"), workspace__personal_of_id=OuterRef("pk"))
    found = User.objects.annotate(actor_workspace_id=Subquery(own.values("workspace_id")[:1]), picture_digest=F("avatar__digest"))
    sql, (_the_id,) = found.filter(pk=UUID(int=0)).order_by().query.sql_with_params()
    return sql
