"""Who belongs to a workspace."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress

from accounts.models import Membership, Role, SecurityEvent, User
from accounts.types import Person
from accounts.types import SecurityEventKind as Kind

_OF_ADDRESSES = (Kind.EMAIL_ADDED, Kind.EMAIL_CONFIRMED, Kind.EMAIL_CHANGED, Kind.EMAIL_REMOVED)


def member_ids(workspace_id: UUID) -> list[UUID]:
    """Everyone in the workspace. One query."""
    return list(Membership.objects.filter(workspace_id=workspace_id).values_list("user_id", flat=True))


def owners_of(workspace_id: UUID) -> list[Person]:
    """Those who answer for the workspace and are to be written to; nobody when it was erased. One query."""
    owners = Membership.objects.filter(workspace_id=workspace_id, role=Role.OWNER, user__is_active=True).order_by("created_at")
    return [Person(*row) for row in owners.values_list("user_id", "user__email", "user__name")]


def find_person(user_id: UUID) -> Person | None:
    """Somebody to write to; None when they are gone or shut out. One query."""
    row = User.objects.filter(pk=user_id, is_active=True).values_list("pk", "email", "name", "time_zone").first()
    return Person(*row) if row else None


def people_at(email: str) -> set[UUID]:
    """Whose address this is: they are written to at it, or have proved it. Who has only typed it (a further address, not confirmed) is not
    among them. Two queries.
    """
    email = email.strip().lower()
    proved = EmailAddress.objects.filter(email=email, verified=True).values_list("user_id", flat=True)
    return {*User.objects.filter(email=email).values_list("pk", flat=True), *proved}


def addresses_of(user_id: UUID) -> set[str]:
    """Every address of theirs, in lower case, also of somebody who is shut out, and also what was theirs before: as the trail says."""
    own = User.objects.filter(pk=user_id).values_list("email", flat=True)
    further = EmailAddress.objects.filter(user=user_id).values_list("email", flat=True)
    changes = SecurityEvent.objects.filter(subject_id=user_id, kind__in=_OF_ADDRESSES).values_list("details", flat=True)
    before = (str(details.get(key, "")) for details in changes for key in ("email", "from", "to"))
    return {address.lower() for address in (*own, *further, *before) if address}
