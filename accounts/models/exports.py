"""What people take along."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import User
from accounts.types import UNFINISHED_EXPORT, ExportState
from core.models import TimestampedModel


class DataExport(TimestampedModel):
    """One file with everything that is kept of its person: asked for, written by a job, there for a while, gone.

    Moves as `ExportState` says, each time by compare-and-swap on state and attempts.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="data_exports")
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker began; an earlier one that is slow moves nothing.")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="Steps; 0: not counted yet.")
    heartbeat_at = models.DateTimeField(default=timezone.now)
    size_bytes = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Then the file is deleted.")
    downloaded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="data_export_state_known"),
            models.CheckConstraint(condition=~Q(state=ExportState.READY) | Q(expires_at__isnull=False), name="data_export_expires"),
            models.UniqueConstraint(fields=["user"], name="data_export_one_at_a_time", condition=Q(state__in=UNFINISHED_EXPORT)),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="data_export_of_user"),  # one's own page
            # The sweep: what waits, runs, or has a file.
            models.Index(fields=["state"], name="data_export_alive", condition=Q(state__in=[*UNFINISHED_EXPORT, ExportState.READY])),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def unfinished(self) -> bool:
        return self.state in UNFINISHED_EXPORT
