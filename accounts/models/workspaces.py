"""The tenant, and who belongs to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models.people import User
from core.models import TimestampedModel


class WorkspaceKind(models.TextChoices):
    PERSONAL = "personal", "Personal"
    TEAM = "team", "Team"


class Workspace(TimestampedModel):
    """The tenant. Every owned row of every app carries one."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=WorkspaceKind, default=WorkspaceKind.PERSONAL)
    personal_of = models.OneToOneField(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="personal_workspace",
        help_text="Whose personal workspace this is; empty for a team.",
    )

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    MEMBER = "member", "Member"


class Membership(TimestampedModel):
    """A person in a workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.workspace_id} ({self.role})"
