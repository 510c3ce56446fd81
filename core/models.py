"""Bases that every model of the house stands on."""

from django.db import models
from django.utils import timezone

from core.ids import uuid7


class UUIDModel(models.Model):
    """A row whose key is a UUIDv7: unguessable enough for a URL, ordered by creation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class TimestampedModel(UUIDModel):
    """A row that knows when it was made. `created_at` is set in Python so that it equals what callers saw."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
