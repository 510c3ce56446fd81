"""Who uses the product, and the tenant that owns what they make."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.devices import device_name
from accounts.managers import UserManager
from accounts.types import SecurityEventKind
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


class DeviceSession(AbstractBaseSession):
    """A session that knows whose it is and in which browser; of somebody signed out, nobody's. Written by `accounts.sessions`."""

    # No constraint in the database: a request of somebody who is being erased may save its session once more.
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, db_constraint=False, related_name="device_sessions")
    agent = models.CharField(max_length=300, blank=True, help_text="What the browser says of itself.")
    signed_in_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = "session"
        verbose_name_plural = "sessions"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from accounts.sessions import SessionStore

        return SessionStore


class Invitation(TimestampedModel):
    """Somebody may make an account while sign-up is by invitation: the owner of this address, through a link. Gone once they have."""

    email = models.EmailField("email", max_length=254)
    token = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["email"], name="invitation_email")]  # asked at every sign-up

    def __str__(self) -> str:
        return self.email


class SecurityEvent(TimestampedModel):
    """Something that matters for the security of an account. Written once, by `accounts.services.record_security_event`.

    People are ids without a reference, so that the trail outlives them. The database refuses every change but one: of people
    who are gone, address, browser and details may be blanked (see the migration).
    """

    kind = models.CharField(max_length=20, choices=SecurityEventKind)
    subject_id = models.UUIDField(null=True, help_text="Whose account it is about; empty: an address that nobody has.")
    actor_id = models.UUIDField(null=True, help_text="Who did it; empty: nobody who was signed in.")
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True, help_text="What the browser says of itself.")
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=SecurityEventKind.values), name="security_event_kind_known")]
        indexes = [
            models.Index(fields=["subject_id", "-id"], name="security_event_subject"),  # one's own page
            models.Index(fields=["actor_id"], name="security_event_actor", condition=Q(actor_id__isnull=False)),  # erasure
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def done_by(self) -> str:
        """In one word, as the person it is about may see it: who the operator was is not for them."""
        if self.actor_id is None:
            return "Nobody signed in"
        return "Oneself" if self.actor_id == self.subject_id else "Operator"

    @property
    def detail_words(self) -> str:
        values = [", ".join(value) if isinstance(value, list) else str(value) for value in self.details.values()]
        return (" → " if "from" in self.details else ", ").join(value for value in values if value)

    @property
    def device(self) -> str:
        return device_name(self.agent) if self.agent else ""

    @property
    def worrying(self) -> bool:
        """Whether somebody was refused."""
        return self.kind in (SecurityEventKind.SIGN_IN_FAILED, SecurityEventKind.FACTOR_FAILED)
