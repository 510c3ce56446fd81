"""Folders of the sidebar."""

from __future__ import annotations

from django.db import models

from core.models import TimestampedModel


class Folder(TimestampedModel):
    """A named place for conversations of one person in one workspace. Deleting it leaves its conversations where they are."""

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "workspace", "name"], name="folder_named_once")]

    def __str__(self) -> str:
        return self.name
