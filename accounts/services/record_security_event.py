"""What happened to an account is written down, for its person and for operators."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from accounts.models import SecurityEvent
from accounts.security_listeners import tell_listeners
from accounts.types import SecurityEventKind, SecurityNews

_LONGEST_AGENT = 300


def record_security_event(
    kind: SecurityEventKind,
    *,
    subject_id: UUID | None,
    actor_id: UUID | None = None,
    request: HttpRequest | None = None,
    details: Mapping[str, str | int | list[str]] | None = None,
    new_device: bool = False,
    factor: str = "",
) -> UUID:
    """Add one row to the trail and return its id; part of the caller's transaction, so neither stands without the other.

    `subject_id` is whose account it is about (None: an address that nobody has), `actor_id` who did it (None: nobody who was
    signed in). `request` gives address and browser. `details` are shown to both and must hold no secrets: no passwords, codes or
    keys, and nothing that somebody typed who did not get in. Listeners (`accounts.security_listeners`) are told in the same transaction,
    with `new_device` and `factor` for what the trail itself need not say.
    """
    with transaction.atomic():
        event = SecurityEvent.objects.create(
            kind=kind,
            subject_id=subject_id,
            actor_id=actor_id,
            address=_address(request),
            agent=request.META.get("HTTP_USER_AGENT", "")[:_LONGEST_AGENT].replace("\x00", "") if request else "",
            details=dict(details or {}),
        )
        tell_listeners(_news(event, new_device, factor))
    return event.id


def _news(event: SecurityEvent, new_device: bool, factor: str) -> SecurityNews:
    return SecurityNews(
        id=event.id,
        kind=SecurityEventKind(event.kind),
        subject_id=event.subject_id,
        address=event.address,
        device=event.device,
        details=event.details,
        new_device=new_device,
        factor=factor,
    )


def _address(request: HttpRequest | None) -> str | None:
    """As it counts for limits: behind proxies of ours, what they say (`TRUSTED_PROXY_COUNT`). None when it is not known."""
    try:
        return str(get_adapter(request).get_client_ip(request)) if request else None
    except PermissionDenied:
        return None
