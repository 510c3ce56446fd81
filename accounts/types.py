"""Values that other apps may hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import TextChoices
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and in which workspace. First argument of every selector and service of the product apps."""

    user_id: UUID
    workspace_id: UUID


@dataclass(frozen=True, slots=True)
class ChatPreferences:
    """How somebody chats. `default_model_key` is empty for "the model that I used last"."""

    send_with_modifier: bool
    shortcuts: bool
    custom_instructions: str
    default_model_key: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be written to."""

    id: UUID
    email: str
    name: str
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """A browser in which somebody is signed in. `id` is the mark of its session."""

    id: UUID
    name: str
    handheld: bool
    current: bool
    active: bool
    signed_in_at: datetime | None
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Passkey:
    """`alone`: it signs in without a password; others are only a second step."""

    id: int
    name: str
    alone: bool
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody needs besides the password. `codes_left`: None when there are no recovery codes."""

    app_since: datetime | None
    codes_left: int | None
    passkeys: tuple[Passkey, ...]

    @property
    def on(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)


Advance = Callable[[], None]
"""Told after each step of something long."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file of what somebody takes along. `pieces` are read once, one after the other, and never held together."""

    path: str
    pieces: Iterable[bytes]


class ExportState(TextChoices):
    """`queued -> running -> ready -> expired`; `running -> queued` when its worker was lost, `running -> failed` after the last try."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Being written"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    EXPIRED = "expired", "Expired"


UNFINISHED_EXPORT = (ExportState.QUEUED, ExportState.RUNNING)


class ActorRequest(HttpRequest):
    """A request of somebody who is signed in, as a view behind `login_required` may annotate it."""

    actor: Actor


class SecurityEventKind(TextChoices):
    """What the trail of an account holds."""

    SIGNED_UP = "signed_up", "Account made"
    SIGNED_IN = "signed_in", "Signed in"
    SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
    SIGNED_OUT = "signed_out", "Signed out"
    SESSIONS_ENDED = "sessions_ended", "Other devices signed out"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    PASSWORD_SET = "password_set", "Password set"
    PASSWORD_RESET = "password_reset", "Password reset by email"
    EMAIL_ADDED = "email_added", "Email address added"
    EMAIL_REMOVED = "email_removed", "Email address removed"
    EMAIL_CONFIRMED = "email_confirmed", "Email address confirmed"
    EMAIL_CHANGED = "email_changed", "Email address changed"
    FACTOR_ADDED = "factor_added", "Second step added"
    FACTOR_REMOVED = "factor_removed", "Second step removed"
    FACTOR_RESET = "factor_reset", "Recovery codes renewed"
    FACTOR_FAILED = "factor_failed", "Second step failed"
    SIGN_IN_LINKED = "sign_in_linked", "Sign-in linked"
    SIGN_IN_UNLINKED = "sign_in_unlinked", "Sign-in unlinked"
    EXPORT_ASKED = "export_asked", "Export of data asked for"
    EXPORT_READY = "export_ready", "Export of data ready"
    EXPORT_FAILED = "export_failed", "Export of data failed"
    DATA_EXPORTED = "data_exported", "Data exported"
    DATA_DOWNLOADED = "data_downloaded", "Exported data downloaded"
    DELETION_ASKED = "deletion_asked", "Deletion asked for"
    DELETION_UNDONE = "deletion_undone", "Deletion undone"
    ACCOUNT_ERASED = "account_erased", "Account erased"
    OPERATOR_ADDED = "operator_added", "Added by an operator"
    OPERATOR_CHANGED = "operator_changed", "Changed by an operator"
    OPERATOR_DELETED = "operator_deleted", "Deleted by an operator"


@dataclass(frozen=True, slots=True)
class SecurityNews:
    """A security event, as those who listen are told.

    `new_device`: of a sign-in, that the browser was not known. `factor`: of a second step, which: `totp`, `webauthn`, `recovery_codes`.
    """

    id: UUID
    kind: SecurityEventKind
    subject_id: UUID | None
    address: str | None
    device: str
    details: Mapping[str, str | int | list[str]]
    new_device: bool
    factor: str
