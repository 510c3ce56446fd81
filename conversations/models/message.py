"""A turn of the tree."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import TimestampedModel


class MessageRole(models.TextChoices):
    USER = "user", "User"
    ASSISTANT = "assistant", "Assistant"


class Message(TimestampedModel):
    """One turn of the tree. `html` is what readers get for a finished answer, rendered and sanitised once."""

    conversation = models.ForeignKey("Conversation", on_delete=models.CASCADE, related_name="messages")
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    role = models.CharField(max_length=9, choices=MessageRole)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    reasoning = models.TextField(blank=True)
    answered_by = models.CharField(
        max_length=120, blank=True, help_text="The model's name, of an answer that came from elsewhere and so has no generation."
    )
    making = models.JSONField(
        null=True, blank=True, help_text="How such an answer came about, where that is not as usual (`conversations.making`)."
    )
    token_count = models.PositiveIntegerField(
        null=True, blank=True, help_text="o200k tokens, counted when something is said below it; the provider's own count is in the ledger."
    )
    text_chars = models.PositiveIntegerField(default=0)
    text_bytes = models.PositiveIntegerField(default=0, help_text="Size of the text in UTF-8.")
    author = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    client_key = models.UUIDField(
        null=True, blank=True, editable=False, help_text="Made by the page that sent it: the same key is the same message."
    )

    left_at_leaf = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Where its branch stood when another version was chosen; coming back continues there.",
    )
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="The same for every message of one deleted branch.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "client_key"], name="message_sent_once", condition=Q(client_key__isnull=False)),
            models.CheckConstraint(condition=Q(role__in=MessageRole.values), name="message_role_known"),
        ]
        indexes = [
            # Siblings of a first message are found without reading the whole conversation.
            models.Index(fields=["conversation"], name="message_roots", condition=Q(parent__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"
