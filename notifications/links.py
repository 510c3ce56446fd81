"""Links that act for their reader are made when a mail is sent: rows hold no secrets."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from accounts.selectors import email_back_link, export_link, keep_link
from notifications.models import Notification
from notifications.stopping import stop_words
from notifications.topics import topic_of
from notifications.types import Kind


def link_of(mail: Notification) -> dict[str, str]:
    """`link` (and `ends_at`) for the templates of the kinds that have one, on `BASE_URL`; empty for the others."""
    if mail.kind == Kind.EXPORT_READY:
        return {"link": settings.BASE_URL + export_link(UUID(mail.context["export"]))}
    if mail.kind == Kind.DELETION_ASKED:
        return {"link": settings.BASE_URL + keep_link(mail.user_id, mail.context["due_at"])}
    if mail.kind == Kind.EMAIL_CHANGED and (back := email_back_link(UUID(mail.context["event"]))):
        return {"link": settings.BASE_URL + back[0], "ends_at": back[1].isoformat()}
    return {}


def stop_of(mail: Notification) -> dict[str, str]:
    """What the foot of a mail says that people may refuse; empty for those that always come."""
    topic = topic_of(Kind(mail.kind))
    return stop_words(mail.user_id, topic) if topic else {}
