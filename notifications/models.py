"""Mails on their way."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import TimestampedModel
from notifications.types import Kind, Status, Topic


class Notification(TimestampedModel):
    """One mail to one person. Written by `notify()`, moved on by `send_due()`; gone with its person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30, choices=Kind)
    address = models.EmailField(help_text="Where it goes: the person's address when it was written.")
    context = models.JSONField(default=dict, help_text="What the texts are filled with; no secrets.")
    key = models.CharField(max_length=120, unique=True, help_text="The same thing is told once.")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now, help_text="The next try; while it is being sent, the end of the sender's lease.")
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=120, blank=True, help_text="Its kind, without what the mail server said.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="notification_status_known"),
            models.CheckConstraint(condition=~Q(status=Status.SENT) | Q(sent_at__isnull=False), name="notification_sent_at"),
        ]
        indexes = [
            # Senders and the sweep look for the next one; most rows are sent.
            models.Index(fields=["due_at"], name="notification_due", condition=Q(status__in=[Status.QUEUED, Status.SENDING])),
            models.Index(fields=["status", "-id"], name="notification_by_status"),  # the admin's filter
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"


class Muted(TimestampedModel):
    """Somebody wants no mails of one topic. No row: they come."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=20, choices=Topic)

    class Meta:
        verbose_name_plural = "muted topics"
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="muted_once"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="muted_topic_known"),
        ]

    def __str__(self) -> str:
        return self.topic
