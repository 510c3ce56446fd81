"""What people think of answers: said with a thumb, or shown by what they do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import TimestampedModel


class Rating(models.TextChoices):
    GOOD = "good", "Good"
    BAD = "bad", "Bad"


class Feedback(TimestampedModel):
    """One person's thumb for one answer; changed, not repeated."""

    generation = models.ForeignKey("Generation", on_delete=models.CASCADE, related_name="feedback")
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    rating = models.CharField(max_length=4, choices=Rating)
    reason = models.CharField(max_length=40, blank=True, help_text="One of the reasons that the page offers; may be empty.")
    comment = models.TextField(blank=True, max_length=2000)

    class Meta:
        verbose_name_plural = "feedback"
        constraints = [
            models.UniqueConstraint(fields=["generation", "user"], name="feedback_once"),
            models.CheckConstraint(condition=Q(rating__in=Rating.values), name="feedback_rating_known"),
        ]

    def __str__(self) -> str:
        return f"{self.rating} {self.generation_id}"


class SignalKind(models.TextChoices):
    STOPPED = "stopped", "Stopped by a person"
    REGENERATED = "regenerated", "Asked for once more"
    EDITED = "edited", "Question asked in other words"
    CONTINUED = "continued", "Asked to go on"


class AnswerSignal(TimestampedModel):
    """Something that a person did with an answer. Only added to; analytics counts it."""

    generation = models.ForeignKey("Generation", on_delete=models.CASCADE, related_name="signals")
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=12, choices=SignalKind)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=SignalKind.values), name="answer_signal_known")]

    def __str__(self) -> str:
        return f"{self.kind} {self.generation_id}"
