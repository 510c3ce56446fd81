"""Read-only snapshots that anybody with the link may read."""

from __future__ import annotations

from django.db import models

from conversations.models.message import MessageRole
from core.models import TimestampedModel


class Share(TimestampedModel):
    """A link to a branch as it was when its owner shared it.

    The token stands here in the clear, because the list of one's links shows them again. The link works only while
    `selectors.shares.readable_shares` finds it: not revoked, not expired, its conversation not deleted.
    """

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    # Deleted for good with its conversation: nothing of it may stay readable.
    conversation = models.ForeignKey("Conversation", on_delete=models.CASCADE, related_name="shares")
    client_key = models.UUIDField(editable=False, help_text="Made by the page that asked: the same key is the same link.")
    token = models.CharField(max_length=64, unique=True, editable=False)
    title = models.CharField(max_length=200)
    shows_name = models.BooleanField(default=False)
    shows_reasoning = models.BooleanField(default=False)
    shows_system_prompt = models.BooleanField(default=False)
    author_name = models.CharField(max_length=120, blank=True, help_text="Only when its owner chose to show it.")
    system_prompt = models.TextField(blank=True, help_text="Only when its owner chose to show it.")
    message_count = models.PositiveIntegerField(default=0)
    model_names = models.JSONField(default=list, help_text="Of the models that answered, in the order of their first answers.")
    page_starts = models.JSONField(default=list, help_text="Position of the first message of each page that readers get.")
    snapshot_at = models.DateTimeField(help_text="When what it shows was copied.")
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    views = models.PositiveIntegerField(default=0, help_text="How often its first page was asked for, about.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "client_key"], name="share_made_once")]
        indexes = [
            # The list of one's links, latest first, by keyset (ids are ordered by time).
            models.Index(fields=["owner", "workspace", "-id"], name="share_list"),
            # The job that erases what nobody can read any more.
            models.Index(fields=["expires_at"], name="share_expiring", condition=models.Q(expires_at__isnull=False)),
            models.Index(fields=["revoked_at"], name="share_revoked", condition=models.Q(revoked_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SharedMessage(models.Model):
    """One message of a snapshot: a copy that knows neither the original nor its author. `reasoning` only when it was chosen."""

    id = models.BigAutoField(primary_key=True)
    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="messages")
    position = models.PositiveIntegerField()
    role = models.CharField(max_length=9, choices=MessageRole)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    reasoning = models.TextField(blank=True)
    reasoning_seconds = models.FloatField(null=True, blank=True, help_text="How long the model thought; only with the reasoning.")
    model_key = models.CharField(max_length=160, blank=True)
    model_name = models.CharField(max_length=120, blank=True)
    said_at = models.DateTimeField()
    cut_short = models.BooleanField(default=False, help_text="Stopped, failed or interrupted before its end.")
    token_count = models.PositiveIntegerField(null=True, blank=True, help_text="For copies; readers are never told.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "position"], name="shared_message_position")]

    def __str__(self) -> str:
        return f"{self.role} {self.position} of {self.share_id}"
