"""Archives of other products that people bring along."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import TimestampedModel


class ImportState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    COMPLETED = "completed", "Completed"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


UNFINISHED = (ImportState.QUEUED.value, ImportState.RUNNING.value)


class ImportJob(TimestampedModel):
    """One uploaded archive. A job that was cut off goes on where `position` says; nothing is imported twice (`import_key`)."""

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200, help_text="As the person's machine called it; for showing only.")
    path = models.CharField(max_length=200, blank=True, help_text="Below VAR_DIR; empty once it is no longer needed.")
    size_bytes = models.PositiveBigIntegerField(default=0)
    format = models.CharField(max_length=20, blank=True, help_text="chatgpt, claude or this product's own; found by content.")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.QUEUED)
    position = models.PositiveIntegerField(default=0, help_text="Conversations of the archive that are dealt with.")
    total = models.PositiveIntegerField(null=True, blank=True, help_text="Conversations in the archive, once known.")
    imported_conversations = models.PositiveIntegerField(default=0)
    imported_messages = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=list, help_text="What was left out: for each reason how often, and some examples.")
    skipped_count = models.PositiveIntegerField(default=0)
    error_message = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Beginnings since it last got on.")
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_known"),
            models.UniqueConstraint(fields=["owner"], name="import_one_at_a_time", condition=Q(state__in=UNFINISHED)),
        ]
        indexes = [
            models.Index(fields=["owner", "workspace", "-created_at"], name="import_list"),
            # The sweeper looks only at what is not over: a handful of rows.
            models.Index(fields=["heartbeat_at"], name="import_unfinished", condition=Q(state__in=UNFINISHED)),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
