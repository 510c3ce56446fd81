"""What search looks through: one row a message, written after the message by a job, so that answers do not wait for it."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """The words of one message. Carries its owner, so that an index finds one person's hits without a join."""

    message = models.OneToOneField("Message", primary_key=True, on_delete=models.CASCADE, related_name="search_entry")
    conversation = models.ForeignKey("Conversation", on_delete=models.CASCADE, related_name="+")
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=9)
    model_key = models.CharField(max_length=160, blank=True)
    said_at = models.DateTimeField()
    words = SearchVectorField()

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return str(self.message_id)
