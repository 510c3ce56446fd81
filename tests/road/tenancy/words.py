"""The owner's secret word, in every column of theirs that holds words: wherever it comes out, it shows."""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts.types import Actor
from tests.road.tenancy.belongings import owned_models, rows_of

WORD = "hushq7zbriar"
EMAIL = f"{WORD}.mail@example.com"
NAME = f"{WORD} Name"
# What others search for: a page that says what was sought would say the secret word as well.
SOUGHT = "lighthouse"

# Columns whose values mean something to the code, so that a word of ours would break what is looked at; or that nobody may change.
MEANT = {
    "accounts.DeviceSession": ("session_key", "session_data"),
    "accounts.SecurityEvent": ("agent", "details"),  # written once: the cast makes them with the word
    "accounts.User": ("password", "time_zone", "default_model_key", "last_model_key", "language"),
    "accounts.Avatar": ("digest",),
    "accounts.Workspace": (),
    "account.EmailConfirmation": ("key",),
    "conversations.Conversation": ("model_key",),
    "conversations.Generation": ("model_key", "finish_reason", "error_code", "confidence"),
    "conversations.ImportJob": ("path", "format"),
    "conversations.Message": (),
    "conversations.SearchEntry": ("role", "model_key"),
    "conversations.Share": ("token",),
    "conversations.SharedMessage": ("model_key",),
    "mfa.Authenticator": ("data",),
    "notifications.Notification": ("address", "key", "context"),
    "usage.Allowance": ("plan_code", "plan_name"),
    "usage.Hold": ("key", "source"),
    "usage.LedgerEntry": ("key", "source", "subject", "provider", "model", "provider_call_id", "raw_usage"),  # written once
    "usage.Rollup": ("provider", "model", "purpose", "confidence"),
    "usage.SubjectDay": ("subject",),
    "socialaccount.SocialAccount": ("provider",),
}


def columns_of_words(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Text without a list of choices, long enough for the word, that no code reads."""
    meant = MEANT.get(model._meta.label, ())
    return [field for field in model._meta.concrete_fields if _holds_words(field) and field.name not in meant]


def hide_the_word(owner: Actor) -> None:
    """Write it into every such column of every row of the owner, in each row with the end of its own key."""
    for model in owned_models():
        # An address has to be one: the cast makes it with the word.
        columns = [field for field in columns_of_words(model) if not isinstance(field, models.EmailField)]
        if columns:
            for row in rows_of(model, owner).only("pk"):
                words = {field.name: f"{WORD} {str(row.pk)[-6:]} {field.name} {SOUGHT}"[: field.max_length] for field in columns}
                model._base_manager.filter(pk=row.pk).update(**words)


def _holds_words(field: models.Field[Any, Any]) -> bool:
    if field.is_relation or field.choices:
        return False
    return isinstance(field, models.TextField) or (isinstance(field, models.CharField) and (field.max_length or 99) >= len(WORD))
