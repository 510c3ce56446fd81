"""Values that other apps may hold."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class Kind(TextChoices):
    """What people are written about. Each has three templates: `notifications/<kind>.subject.txt`, `.txt` and `.html`."""

    WELCOME = "welcome", "Welcome"
    DEVICE_NEW = "device_new", "New device"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    FACTOR_ADDED = "factor_added", "Second step added"
    FACTOR_REMOVED = "factor_removed", "Second step removed"
    PASSKEY_ADDED = "passkey_added", "Passkey added"
    PASSKEY_REMOVED = "passkey_removed", "Passkey removed"
    CODES_RENEWED = "codes_renewed", "Recovery codes renewed"
    SIGN_IN_LINKED = "sign_in_linked", "Sign-in linked"
    SIGN_IN_UNLINKED = "sign_in_unlinked", "Sign-in unlinked"
    EMAIL_ADDED = "email_added", "Email address added"
    EMAIL_REMOVED = "email_removed", "Email address removed"
    EMAIL_CHANGED = "email_changed", "Email address changed"
    DATA_EXPORTED = "data_exported", "Data exported"
    EXPORT_READY = "export_ready", "Export ready"
    EXPORT_FAILED = "export_failed", "Export failed"
    DELETION_ASKED = "deletion_asked", "Deletion asked for"
    DELETION_UNDONE = "deletion_undone", "Deletion undone"


class Topic(TextChoices):
    """What people can switch off. What concerns the security of an account belongs to none: it always comes."""

    USAGE = "usage", "Warnings about limits"
    EXPORTS = "exports", "Exports that are ready"
    NEWS = "news", "Welcome and tips"


class Status(TextChoices):
    """`queued -> sending -> sent | queued | failed`, and `failed -> queued` when an operator tries again."""

    QUEUED = "queued", "Queued"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent"
    FAILED = "failed", "Given up"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is read: one line of subject, the plain text and the same as HTML."""

    subject: str
    text: str
    html: str
