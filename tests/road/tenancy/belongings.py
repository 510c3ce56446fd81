"""Whose the rows of every model are. A new model is declared here, or `test_models.py` fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from accounts.types import Actor


@dataclass(frozen=True, slots=True)
class Belongs:
    """`person` and `workspace` are lookups that lead to whose a row is; with neither it is everybody's.

    `also`: columns that name a person besides (who said it, who did it). `stays`: why it outlives its person, who is then only an
    id that leads nowhere. `everybody`: why it belongs to nobody.
    """

    person: str = ""
    workspace: str = ""
    also: tuple[str, ...] = ()
    stays: str = ""
    everybody: str = ""

    @property
    def lookups(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.person, self.workspace)))


def _through(person: str, **more: Any) -> Belongs:
    """Through a parent: a lookup with `__`."""
    assert "__" in person
    return Belongs(person, **more)


def _everybody(why: str, **more: Any) -> Belongs:
    return Belongs(everybody=why, **more)


_LEDGER = "the ledger has to add up; the workspace has no name any more"
_OPERATORS = "of whoever runs the place"
_MADE_BY_HAND = "Celery's schedule"

BELONGINGS: dict[str, Belongs] = {
    "accounts.User": Belongs("pk"),
    "accounts.Avatar": Belongs("user"),
    "accounts.DataExport": Belongs("user"),
    "accounts.DeviceSession": Belongs("user"),
    "accounts.Invitation": _everybody("of an address that has no account yet"),
    "accounts.Membership": Belongs("user", also=("workspace",)),
    "accounts.SecurityEvent": Belongs("subject_id", also=("actor_id",), stays="what happened, and when, without details"),
    "accounts.Workspace": Belongs("personal_of", workspace="pk", stays="the ledger refers to it; it has no name any more"),
    "notifications.Muted": Belongs("user"),
    "notifications.Notification": Belongs("user"),
    "providers.AIModel": _everybody("the catalogue"),
    "providers.ModelPrice": _everybody("the catalogue"),
    "usage.Allowance": Belongs(workspace="workspace", stays=_LEDGER),
    "usage.Hold": Belongs(workspace="workspace", stays=_LEDGER),
    "usage.LedgerAudit": _everybody(_OPERATORS),
    "usage.LedgerEntry": Belongs(workspace="workspace", also=("user",), stays=_LEDGER),
    "usage.LimitWarning": Belongs(workspace="period__workspace", stays=_LEDGER),
    "usage.PendingEntry": Belongs(workspace="workspace_id", stays=_LEDGER),
    "usage.Period": Belongs(workspace="workspace", stays=_LEDGER),
    "usage.PersonDay": Belongs(workspace="workspace_id", also=("user",), stays=_LEDGER),
    "usage.Plan": _everybody("what is offered"),
    "usage.PlatformEntry": _everybody(_OPERATORS),
    "usage.ProviderReport": _everybody(_OPERATORS, also=("imported_by",)),
    "usage.ReportedDay": _everybody(_OPERATORS),
    "usage.Rollup": Belongs(workspace="workspace_id", stays=_LEDGER),
    "usage.SubjectDay": Belongs(workspace="workspace_id", stays=_LEDGER),
    "conversations.AnswerSignal": _through("generation__conversation__owner", workspace="workspace", also=("user",)),
    "conversations.Conversation": Belongs("owner", workspace="workspace"),
    "conversations.Feedback": _through("generation__conversation__owner", workspace="workspace", also=("user",)),
    "conversations.Folder": Belongs("owner", workspace="workspace"),
    "conversations.Generation": _through("conversation__owner", workspace="workspace", also=("user",)),
    "conversations.ImportJob": Belongs("owner", workspace="workspace"),
    "conversations.Message": _through("conversation__owner", workspace="workspace", also=("author",)),
    "conversations.SearchEntry": Belongs("owner", workspace="workspace"),
    "conversations.Share": Belongs("owner", workspace="workspace"),
    "conversations.SharedMessage": _through("share__owner"),
    # Of libraries.
    "account.EmailAddress": Belongs("user"),
    "account.EmailConfirmation": _through("email_address__user"),
    "mfa.Authenticator": Belongs("user"),
    "socialaccount.SocialAccount": Belongs("user"),
    "socialaccount.SocialApp": _everybody(_OPERATORS),
    "socialaccount.SocialToken": _through("account__user"),
    "accounts.User_groups": Belongs("user"),
    "accounts.User_user_permissions": Belongs("user"),
    "admin.LogEntry": _everybody("what operators did; of people who are gone it keeps ids", also=("user",)),
    "auth.Group": _everybody(_OPERATORS),
    "auth.Group_permissions": _everybody(_OPERATORS),
    "auth.Permission": _everybody("what may be allowed to operators"),
    "contenttypes.ContentType": _everybody("the models themselves"),
    "sessions.Session": _everybody("stays empty: sessions are `accounts.DeviceSession`"),
    "django_celery_beat.ClockedSchedule": _everybody(_MADE_BY_HAND),
    "django_celery_beat.CrontabSchedule": _everybody(_MADE_BY_HAND),
    "django_celery_beat.IntervalSchedule": _everybody(_MADE_BY_HAND),
    "django_celery_beat.PeriodicTask": _everybody(_MADE_BY_HAND),
    "django_celery_beat.PeriodicTasks": _everybody(_MADE_BY_HAND),
    "django_celery_beat.SolarSchedule": _everybody(_MADE_BY_HAND),
}


def every_model() -> list[type[Model]]:
    """Of all apps, also the tables between two models."""
    return list(apps.get_models(include_auto_created=True))


def owned_models() -> list[type[Model]]:
    return [model for model in every_model() if BELONGINGS[model._meta.label].lookups]


def rows_of(model: type[Model], actor: Actor) -> QuerySet[Any]:
    """What of this model belongs to somebody, by their person or by their workspace."""
    belongs = BELONGINGS[model._meta.label]
    found = Q()
    if belongs.person:
        found |= Q(**{belongs.person: actor.user_id})
    if belongs.workspace:
        found |= Q(**{belongs.workspace: actor.workspace_id})
    return model._base_manager.filter(found)
