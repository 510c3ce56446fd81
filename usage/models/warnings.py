"""What was said about a limit before it was reached."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.models import TimestampedModel
from usage.models.columns import choices
from usage.models.meter import Period
from usage.types import LEVELS, MailState


class LimitWarning(TimestampedModel):
    """A level (percent of the tighter limit) that was reached in a period: one row, one notice, one mail, whoever races.

    Written under the period's lock by whatever changes use or limit (`usage.services.warn`); the unique key is the last word.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="warnings", db_index=False)
    level = models.PositiveSmallIntegerField(help_text="Percent.")
    mail = models.CharField(max_length=8, choices=choices(MailState), default=MailState.WAITING.value)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(help_text="While it is being sent, the end of the sender's lease.")
    written_to = ArrayField(
        models.UUIDField(), default=list, db_default=[], help_text="Owners who have it, while others still wait for theirs."
    )
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["period", "level"], name="warning_once"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="warning_level_known"),
            models.CheckConstraint(condition=Q(mail__in=[state.value for state in MailState]), name="warning_mail_known"),
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(mail=MailState.WAITING.value), name="warning_to_be_mailed")]

    def __str__(self) -> str:
        return f"{self.level} % in {self.period_id}"
