from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_chat_preferences"),
        ("conversations", "0005_share_by_messages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, help_text="Beginnings since it last got on."),
        ),
        migrations.AddField(
            model_name="message",
            name="answered_by",
            field=models.CharField(
                blank=True, help_text="The model's name, of an answer that came from elsewhere and so has no generation.", max_length=120
            ),
        ),
        migrations.AlterField(
            model_name="importjob",
            name="skipped",
            field=models.JSONField(default=list, help_text="What was left out: for each reason how often, and some examples."),
        ),
        migrations.AddIndex(
            model_name="importjob",
            index=models.Index(condition=models.Q(("state__in", ("queued", "running"))), fields=["heartbeat_at"], name="import_unfinished"),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("queued", "running"))), fields=("owner",), name="import_one_at_a_time"
            ),
        ),
    ]
