import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    """A snapshot in rows of its own, one a message, so that a page of it is read without the rest. Nothing was ever shared before."""

    dependencies = [
        ("conversations", "0004_organising_sharing_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.DeleteModel(name="Share"),
        migrations.CreateModel(
            name="Share",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "client_key",
                    models.UUIDField(editable=False, help_text="Made by the page that asked: the same key is the same link."),
                ),
                ("token", models.CharField(editable=False, max_length=64, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("shows_name", models.BooleanField(default=False)),
                ("shows_reasoning", models.BooleanField(default=False)),
                ("shows_system_prompt", models.BooleanField(default=False)),
                ("author_name", models.CharField(blank=True, help_text="Only when its owner chose to show it.", max_length=120)),
                ("system_prompt", models.TextField(blank=True, help_text="Only when its owner chose to show it.")),
                ("message_count", models.PositiveIntegerField(default=0)),
                (
                    "model_names",
                    models.JSONField(default=list, help_text="Of the models that answered, in the order of their first answers."),
                ),
                (
                    "page_starts",
                    models.JSONField(default=list, help_text="Position of the first message of each page that readers get."),
                ),
                ("snapshot_at", models.DateTimeField(help_text="When what it shows was copied.")),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("views", models.PositiveIntegerField(default=0, help_text="How often its first page was asked for, about.")),
                (
                    "conversation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="conversations.conversation"),
                ),
                (
                    "owner",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "workspace",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.workspace"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "workspace", "-id"], name="share_list"),
                    models.Index(condition=models.Q(("expires_at__isnull", False)), fields=["expires_at"], name="share_expiring"),
                    models.Index(condition=models.Q(("revoked_at__isnull", False)), fields=["revoked_at"], name="share_revoked"),
                ],
                "constraints": [models.UniqueConstraint(fields=("owner", "client_key"), name="share_made_once")],
            },
        ),
        migrations.CreateModel(
            name="SharedMessage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("role", models.CharField(choices=[("user", "User"), ("assistant", "Assistant")], max_length=9)),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("reasoning", models.TextField(blank=True)),
                ("model_key", models.CharField(blank=True, max_length=160)),
                ("model_name", models.CharField(blank=True, max_length=120)),
                ("said_at", models.DateTimeField()),
                ("cut_short", models.BooleanField(default=False, help_text="Stopped, failed or interrupted before its end.")),
                (
                    "token_count",
                    models.PositiveIntegerField(blank=True, help_text="For copies; readers are never told.", null=True),
                ),
                (
                    "share",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="conversations.share"),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("share", "position"), name="shared_message_position")]},
        ),
    ]
