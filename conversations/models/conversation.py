"""A conversation: whose it is, where it stands in the list, which branch it shows."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import TimestampedModel


class TitleSource(models.TextChoices):
    NONE = "none", "Not yet titled"
    FALLBACK = "fallback", "From the first message"
    MODEL = "model", "Written by a model"
    PERSON = "person", "Written by a person"


# What has a row in the sidebar.
_LISTED = Q(deleted_at__isnull=True, archived_at__isnull=True, expires_at__isnull=True)


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
    pinned_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    folder = models.ForeignKey("Folder", null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="When its latest answer ended.")
    read_at = models.DateTimeField(null=True, blank=True, help_text="When a page last showed its end.")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Set for a temporary chat: erased after this.")
    import_key = models.CharField(max_length=120, blank=True, help_text="`source:id` of the archive it came from; imported once.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "workspace", "import_key"], name="conversation_imported_once", condition=~Q(import_key="")
            ),
        ]
        indexes = [
            # Each list of one person, by keyset. What stands elsewhere is not in its index, so that no list reads past thousands of others.
            models.Index(
                fields=["owner", "workspace", "-last_activity_at", "-id"],
                name="conversation_dated",
                condition=_LISTED & Q(pinned_at__isnull=True, folder__isnull=True),
            ),
            models.Index(
                fields=["folder", "-last_activity_at", "-id"],
                name="conversation_foldered",
                condition=_LISTED & Q(pinned_at__isnull=True, folder__isnull=False),
            ),
            models.Index(fields=["owner", "workspace", "-pinned_at"], name="conversation_pinned", condition=Q(pinned_at__isnull=False)),
            models.Index(
                fields=["owner", "workspace", "-archived_at", "-id"],
                name="conversation_archived",
                condition=Q(archived_at__isnull=False, deleted_at__isnull=True),
            ),
            models.Index(
                fields=["owner", "workspace", "-deleted_at", "-id"], name="conversation_bin", condition=Q(deleted_at__isnull=False)
            ),
            # The jobs that erase: temporary chats that are over, and what was deleted long ago.
            models.Index(fields=["expires_at"], name="conversation_expiring", condition=Q(expires_at__isnull=False)),
            models.Index(fields=["deleted_at"], name="conversation_deleted", condition=Q(deleted_at__isnull=False)),
            # Search in titles: parts of words, and words with a typing error, among one person's conversations.
            GinIndex(fields=["owner", "title"], name="conversation_title_trigrams", opclasses=["uuid_ops", "gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        """Not its title: the admin names rows by this, and operators read nobody's texts."""
        return str(self.id)

    @property
    def unread(self) -> bool:
        """Whether an answer has ended since its owner last looked."""
        return self.answered_at is not None and (self.read_at is None or self.read_at < self.answered_at)

    @property
    def temporary(self) -> bool:
        return self.expires_at is not None
