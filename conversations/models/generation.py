"""The making of one answer."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from conversations.states import LIVE, GenerationState
from core.models import TimestampedModel


class Generation(TimestampedModel):
    """The making of one answer. Belongs to no tab and no web process; its state moves as `states.MOVES` allows."""

    message = models.OneToOneField("Message", on_delete=models.CASCADE, related_name="generation")
    conversation = models.ForeignKey("Conversation", on_delete=models.CASCADE, related_name="generations")
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=11, choices=GenerationState, default=GenerationState.QUEUED)
    model_key = models.CharField(max_length=160)
    model_name = models.CharField(max_length=120)
    max_output_tokens = models.PositiveIntegerField()
    input_estimate = models.PositiveIntegerField(default=0, help_text="Upper bound of the input's tokens, as held.")
    input_counted = models.PositiveIntegerField(default=0, db_default=0, help_text="Tokens of the input's texts, as we count them.")
    context_start = models.UUIDField(null=True, blank=True, help_text="Oldest message that was sent along.")
    dropped_turns = models.PositiveIntegerField(default=0, help_text="Older messages that did not fit the window.")
    continued_chars = models.PositiveIntegerField(default=0, help_text="Characters of an earlier answer that this one goes on from.")
    reasoning_seconds = models.FloatField(null=True, blank=True, help_text="From the first thought to the first word of the answer.")
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
