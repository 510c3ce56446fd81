"""Operators delete people: what they owned goes with them, and nothing that stays says who they were."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts.models import User, Workspace
from accounts.services.erase_security_traces import erase_security_traces

NAMELESS = "A person who is gone"


def delete_people(user_ids: Collection[UUID]) -> None:
    """Delete them in one transaction. Their workspaces stay for the ledger's sake and lose their names.

    In the admin's own log and in the trail of security events only their ids stay. Raises `ProtectedError` as deleting does.
    """
    with transaction.atomic():
        Workspace.objects.filter(personal_of__in=user_ids).update(name=NAMELESS)
        User.objects.filter(pk__in=user_ids).delete()
        logged = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id__in=[str(pk) for pk in user_ids])
        logged.update(object_repr=NAMELESS)
        erase_security_traces(user_ids)
