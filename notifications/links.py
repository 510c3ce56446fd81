"""Links that act for their reader are made when a mail is sent: rows hold no secrets."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from accounts.selectors import export_link, keep_link
from notifications.models import Notification
from notifications.types import Kind


def link_of(mail: Notification) -> dict[str, str]:
    """`link` for the templates of the kinds that have one, on `BASE_URL`; empty for the others."""
    if mail.kind == Kind.EXPORT_READY:
        return {"link": settings.BASE_URL + export_link(UUID(mail.context["export"]))}
    if mail.kind == Kind.DELETION_ASKED:
        return {"link": settings.BASE_URL + keep_link(mail.user_id)}
    return {}
