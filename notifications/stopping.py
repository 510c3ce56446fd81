"""The link in a mail that ends mails of its topic, for whoever holds the mail: nobody has to sign in to be left alone."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from notifications.types import Topic


def stop_words(user_id: UUID, topic: Topic) -> dict[str, str]:
    """What the foot of a mail is filled with: `stop_link`, on `BASE_URL`, and `stop_topic`. The link does not age: old mails are kept."""
    return {"stop_link": settings.BASE_URL + stop_address(user_id, topic), "stop_topic": str(topic.label)}


def stop_headers(words: Mapping[str, str]) -> dict[str, str]:
    """What mail programs make a button of, from `stop_words` (RFC 8058, one click: they post, and nobody opens a page)."""
    return {"List-Unsubscribe": f"<{words['stop_link']}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def stop_address(user_id: UUID, topic: Topic) -> str:
    return reverse("stop-mails", args=[_signer().sign(f"{user_id}.{topic.value}")])


def read_stop_link(signed: str) -> tuple[UUID, Topic] | None:
    """Who wants no more of what; None when it was not signed here."""
    try:
        user_id, topic = _signer().unsign(signed).split(".")
        return UUID(user_id), Topic(topic)
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt="notifications.stop")
