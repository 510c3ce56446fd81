"""What operators may do with every table of the admin. A new one is declared here, or `test_admin.py` fails."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """What a superuser may; and each action with the permission that it needs."""

    add: bool = False
    change: bool = False
    delete: bool = False
    actions: tuple[tuple[str, str], ...] = ()


_ALL = Table(add=True, change=True, delete=True)
_LOOK = Table()

_SCHEDULE = tuple((name, "change") for name in ("enable_tasks", "disable_tasks", "toggle_tasks", "run_tasks"))

TABLES: dict[str, Table] = {
    "accounts.Invitation": Table(add=True, delete=True, actions=(("send_again", "add"),)),
    "accounts.SecurityEvent": Table(actions=(("export_csv", "view"),)),
    "accounts.DataExport": Table(delete=True),
    "accounts.User": Table(add=True, change=True, delete=True, actions=(("keep", "change"),)),
    "accounts.Workspace": _ALL,
    "conversations.Conversation": _LOOK,
    "conversations.Generation": _LOOK,
    "conversations.ImportJob": _LOOK,
    "conversations.Share": Table(actions=(("revoke", "revoke"),)),
    "notifications.Notification": Table(delete=True, actions=(("send_again", "delete"),)),
    "providers.AIModel": Table(add=True, change=True),
    "providers.ModelPrice": Table(actions=(("withdraw", "withdraw"),)),
    "usage.Allowance": _LOOK,
    "usage.Hold": _LOOK,
    "usage.LedgerAudit": _LOOK,
    "usage.LedgerEntry": _LOOK,
    "usage.LimitWarning": _LOOK,
    "usage.Period": _LOOK,
    "usage.Plan": Table(add=True, change=True, delete=True, actions=(("roll_out", "change"),)),
    "usage.PlatformEntry": _LOOK,
    "usage.ProviderReport": _LOOK,
    # Of libraries.
    "account.EmailAddress": Table(delete=True, actions=(("prove", "prove"),)),
    "auth.Group": _ALL,
    "django_celery_beat.ClockedSchedule": _ALL,
    "django_celery_beat.CrontabSchedule": _ALL,
    "django_celery_beat.IntervalSchedule": _ALL,
    "django_celery_beat.PeriodicTask": Table(add=True, change=True, delete=True, actions=_SCHEDULE),
    "django_celery_beat.SolarSchedule": _ALL,
    "mfa.Authenticator": Table(delete=True),
    "socialaccount.SocialAccount": Table(delete=True),
}
