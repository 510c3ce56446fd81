"""People."""

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
    language = models.CharField(max_length=10, blank=True, help_text="Of `settings.LANGUAGES`; empty: the site's.")
    deletion_due_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Its owner asked for deletion: closed now, erased after this."
    )

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
        indexes = [
            # The job that erases looks at the few who asked for it.
            models.Index(fields=["deletion_due_at"], name="user_deletion_due", condition=Q(deletion_due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]


class Avatar(models.Model):
    """Somebody's picture, as this product encoded it: small, square, without anything else that the file said."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="avatar")
    image = models.BinaryField(help_text="WebP.")
    digest = models.CharField(max_length=16, help_text="Changes with the picture; part of its address.")
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.digest
