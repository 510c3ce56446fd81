from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

LISTED = Q(deleted_at__isnull=True, archived_at__isnull=True, expires_at__isnull=True)


class Migration(migrations.Migration):
    """Made while people go on writing, and only then are the old ones taken away."""

    atomic = False

    dependencies = [("conversations", "0007_search_entries")]

    operations = [
        AddIndexConcurrently(
            "conversation",
            models.Index(
                fields=["owner", "workspace", "-last_activity_at", "-id"],
                name="conversation_dated",
                condition=LISTED & Q(pinned_at__isnull=True, folder__isnull=True),
            ),
        ),
        AddIndexConcurrently(
            "conversation",
            models.Index(
                fields=["folder", "-last_activity_at", "-id"],
                name="conversation_foldered",
                condition=LISTED & Q(pinned_at__isnull=True, folder__isnull=False),
            ),
        ),
        AddIndexConcurrently(
            "conversation",
            models.Index(
                fields=["owner", "workspace", "-archived_at", "-id"],
                name="conversation_archived",
                condition=Q(archived_at__isnull=False, deleted_at__isnull=True),
            ),
        ),
        AddIndexConcurrently(
            "conversation",
            models.Index(
                fields=["owner", "workspace", "-deleted_at", "-id"], name="conversation_bin", condition=Q(deleted_at__isnull=False)
            ),
        ),
        RemoveIndexConcurrently("conversation", "conversation_list"),
        RemoveIndexConcurrently("conversation", "conversation_in_folder"),
    ]
