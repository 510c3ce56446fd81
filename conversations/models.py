"""Conversations, the message tree, and the generations that write its answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from conversations.states import LIVE, GenerationState
from core.models import TimestampedModel


class TitleSource(models.TextChoices):
    NONE = "none", "Not yet titled"
    FALLBACK = "fallback", "From the first message"
    MODEL = "model", "Written by a model"
    PERSON = "person", "Written by a person"


class Conversation(TimestampedModel):
    """A tree of messages that belongs to one person in one workspace.

    `revision` grows by one with every committed change that a page of this conversation would show.
    """

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    title_source = models.CharField(max_length=8, choices=TitleSource, default=TitleSource.NONE)
    model_key = models.CharField(max_length=160, blank=True)
    system_prompt = models.TextField(blank=True)
    revision = models.PositiveBigIntegerField(default=1)
    active_leaf = models.ForeignKey("Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    last_activity_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The sidebar: one person's conversations, latest first, by keyset.
            models.Index(
                fields=["owner", "workspace", "-last_activity_at", "-id"],
                name="conversation_list",
                condition=Q(deleted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.id)


class MessageRole(models.TextChoices):
    USER = "user", "User"
    ASSISTANT = "assistant", "Assistant"


class Message(TimestampedModel):
    """One turn of the tree. `html` is what readers get for a finished answer, rendered and sanitised once."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    role = models.CharField(max_length=9, choices=MessageRole)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    reasoning = models.TextField(blank=True)
    token_count = models.PositiveIntegerField(
        null=True, blank=True, help_text="o200k tokens, counted when something is said below it; the provider's own count is in the ledger."
    )
    text_chars = models.PositiveIntegerField(default=0)
    text_bytes = models.PositiveIntegerField(default=0, help_text="Size of the text in UTF-8.")
    author = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    client_key = models.UUIDField(
        null=True, blank=True, editable=False, help_text="Made by the page that sent it: the same key is the same message."
    )

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


class Generation(TimestampedModel):
    """The making of one answer. Belongs to no tab and no web process; its state moves as `states.MOVES` allows."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="generation")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="generations")
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=11, choices=GenerationState, default=GenerationState.QUEUED)
    model_key = models.CharField(max_length=160)
    model_name = models.CharField(max_length=120)
    max_output_tokens = models.PositiveIntegerField()
    input_estimate = models.PositiveIntegerField(default=0, help_text="Upper bound of the input's tokens, as held.")
    context_start = models.UUIDField(null=True, blank=True, help_text="Oldest message that was sent along.")
    dropped_turns = models.PositiveIntegerField(default=0, help_text="Older messages that did not fit the window.")
    enqueued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    first_token_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    stop_requested_at = models.DateTimeField(null=True, blank=True)
    finish_reason = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    input_tokens = models.PositiveIntegerField(null=True, blank=True)
    output_tokens = models.PositiveIntegerField(null=True, blank=True)
    cost = models.DecimalField(max_digits=20, decimal_places=12, null=True, blank=True)
    confidence = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=GenerationState.values), name="generation_state_known")]
        indexes = [
            # The sweeper and the sidebar's running marks look only at what is alive: a handful of rows.
            models.Index(fields=["conversation"], name="generation_live", condition=Q(state__in=[s.value for s in LIVE])),
        ]

    def __str__(self) -> str:
        return f"{self.model_key} {self.state} {self.id}"

    @property
    def key(self) -> str:
        """Idempotency key of the hold and of the ledger row."""
        return f"generation:{self.id}"
