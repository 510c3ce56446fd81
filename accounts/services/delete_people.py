"""People's rows: what refers to them goes with them, and nothing that stays says who they were."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from accounts.models import Invitation, User, Workspace
from accounts.services.erase_security_traces import erase_security_traces

NAMELESS = "A person who is gone"


def delete_people(user_ids: Collection[UUID]) -> None:
    """Delete them in one transaction. Their workspaces stay for the ledger's sake and lose their names.

    In the admin's own log and in the trail of security events only their ids stay. Raises `ProtectedError` as deleting does.
    """
    with transaction.atomic():
        addresses = {
            *User.objects.filter(pk__in=user_ids).values_list("email", flat=True),
            *EmailAddress.objects.filter(user__in=user_ids).values_list("email", flat=True),
        }
        workspaces = Workspace.objects.filter(personal_of__in=user_ids)
        workspace_ids = list(workspaces.values_list("pk", flat=True))
        workspaces.update(name=NAMELESS)
        User.objects.filter(pk__in=user_ids).delete()
        Invitation.objects.filter(email__in=addresses).delete()
        _forget_in_log(User, user_ids)
        _forget_in_log(Workspace, workspace_ids)
        _forget_addresses(addresses)
        erase_security_traces(user_ids)


def _forget_in_log(model: type[User] | type[Workspace], ids: Iterable[UUID]) -> None:
    content_type = ContentType.objects.get_for_model(model)
    LogEntry.objects.filter(content_type=content_type, object_id__in=[str(pk) for pk in ids]).update(object_repr=NAMELESS)


def _forget_addresses(addresses: Iterable[str]) -> None:
    """Other rows that operators handled are named by an address too: email addresses, invitations, sign-ins."""
    for address in addresses:
        named = LogEntry.objects.filter(Q(object_repr__icontains=address) | Q(change_message__icontains=address))
        named.update(object_repr=NAMELESS, change_message="")
