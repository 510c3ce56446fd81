"""What search looks through: one row a message, written after the message by a job, so that answers do not wait for it."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """The words of one message. Carries its owner, so that an index finds one person's hits without a join.

    The table is partitioned by hash of the owner (migration `search_entries`): the rows of one person stand together in
    one of 16 tables with indexes of its own, and what other people write costs them little. The real primary key is
    (message, owner). An entry goes with its message, also when that is deleted by SQL; the other references have neither
    constraint nor index, for they cannot outlive the message.
    """

    message = models.OneToOneField("Message", primary_key=True, on_delete=models.CASCADE, related_name="search_entry")
    conversation = models.ForeignKey("Conversation", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    owner = models.ForeignKey("accounts.User", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    role = models.CharField(max_length=9)
    model_key = models.CharField(max_length=160, blank=True)
    said_at = models.DateTimeField()
    words = SearchVectorField()

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return str(self.message_id)
