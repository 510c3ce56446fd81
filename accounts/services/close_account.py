"""Somebody wants their account deleted, or thinks better of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.exceptions import LastOperator
from accounts.models import User
from accounts.services.end_sessions import end_sessions
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind
from core.exceptions import NotFound
from core.jobs import enqueue_on_commit


def close_account(user: User, request: HttpRequest | None = None) -> datetime:
    """Close it now and have it erased when the time of grace is over; returns when that is. Every session ends, this one too.

    One transaction, with the trail (and by it a mail with a link that keeps the account). Asked twice, the first date stands.
    Raises `LastOperator`.
    """
    due = timezone.now() + timedelta(days=settings.ACCOUNT_GRACE_DAYS)
    with transaction.atomic():
        if user.is_superuser and not _other_operators(user):
            raise LastOperator
        if User.objects.filter(pk=user.pk, deletion_due_at=None).update(deletion_due_at=due):
            details = {"due_at": due.isoformat()}
            record_security_event(SecurityEventKind.DELETION_ASKED, subject_id=user.pk, actor_id=user.pk, request=request, details=details)
        else:
            user.refresh_from_db(fields=["deletion_due_at"])
            due = user.deletion_due_at or due
        end_sessions(user.pk)
    return due


def keep_account(user_id: UUID, request: HttpRequest | None = None, *, by: UUID | None = None, due_at: datetime | None = None) -> None:
    """Open it again, as it was; `by` is the operator who does it, None its owner. With `due_at` only the closing with that date is undone.

    Raises `NotFound` when it is not closed, or when its erasure has begun.
    """
    with transaction.atomic():
        closed = User.objects.filter(pk=user_id, is_active=True, deletion_due_at__gt=timezone.now())
        if due_at is not None:
            closed = closed.filter(deletion_due_at=due_at)
        if not closed.update(deletion_due_at=None):
            raise NotFound("There is no account to keep here: it is open, or it is gone.")
        record_security_event(SecurityEventKind.DELETION_UNDONE, subject_id=user_id, actor_id=by or user_id, request=request)


def erase_now(user_ids: Collection[UUID]) -> None:
    """Operators delete people: shut out at once, erased by the worker within minutes. There is no time of grace."""
    from accounts.tasks import erase_due_people

    with transaction.atomic():
        User.objects.filter(pk__in=user_ids).update(is_active=False, deletion_due_at=timezone.now())
        for user_id in user_ids:
            end_sessions(user_id)
        enqueue_on_commit(erase_due_people)


def _other_operators(user: User) -> bool:
    """Locked, so that the last two cannot leave at the same moment."""
    others = User.objects.select_for_update().filter(is_superuser=True, is_active=True, deletion_due_at=None)
    return any(other.pk != user.pk for other in others)
