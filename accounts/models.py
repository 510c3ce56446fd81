"""Who uses the product, and the tenant that owns what they make."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.managers import UserManager
from core.models import TimestampedModel


class Theme(models.TextChoices):
    SYSTEM = "system", "System"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class User(AbstractBaseUser, PermissionsMixin, TimestampedModel):
    """A person who signs in with an e-mail address (stored in lower case)."""

    email = models.EmailField("email", unique=True, max_length=254)
    name = models.CharField(max_length=120, blank=True)
    is_staff = models.BooleanField("staff", default=False, help_text="May enter the admin.")
    is_active = models.BooleanField("active", default=True, help_text="Untick instead of deleting.")
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    time_zone = models.CharField(max_length=64, blank=True, help_text="IANA name; empty: the site's.")
    custom_instructions = models.TextField(blank=True, max_length=8000, help_text="Sent with every conversation, before its own prompt.")
    send_with_modifier = models.BooleanField(default=False, help_text="Ctrl or Cmd and Enter sends; Enter alone makes a line.")
    shortcuts = models.BooleanField(default=True, help_text="Keyboard shortcuts of the chat.")
    default_model_key = models.CharField(max_length=160, blank=True, help_text="New conversations start with it; empty: with the last one.")
    last_model_key = models.CharField(max_length=160, blank=True, help_text="Model chosen last, offered next time.")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        ordering = ["email"]
        constraints = [
            # With the unique index: one address is one person, whichever way it is typed.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]


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
