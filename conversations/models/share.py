"""Read-only snapshots that anybody with the link may read."""

from __future__ import annotations

from django.db import models

from core.models import TimestampedModel


class Share(TimestampedModel):
    """A branch as it was when its owner shared it. The token stands here in the clear, because the list of one's links shows them again."""

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey("Conversation", null=True, on_delete=models.SET_NULL, related_name="shares")
    token = models.CharField(max_length=64, unique=True, editable=False)
    title = models.CharField(max_length=200)
    system_prompt = models.TextField(blank=True, help_text="Only when its owner chose to show it.")
    turns = models.JSONField(default=list, help_text="role, text, html, reasoning (only if chosen), model, in reading order.")
    message_count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "workspace", "-created_at"], name="share_list")]

    def __str__(self) -> str:
        return self.title
