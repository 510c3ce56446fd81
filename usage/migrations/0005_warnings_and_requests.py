"""Notices before a limit is reached, and how many requests a minute a plan has."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import core.ids

# Plans that were there before, as far as they are those of a first start.
REQUESTS = {"free": 60, "pro": 240}


def give_the_first_plans_theirs(apps, schema_editor):
    for code, requests in REQUESTS.items():
        apps.get_model("usage", "Plan").objects.filter(code=code).update(requests_per_minute=requests)
        apps.get_model("usage", "Allowance").objects.filter(plan_code=code).update(requests_per_minute=requests)


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0004_models_of_plans"),
    ]

    operations = [
        migrations.AddField(
            model_name="allowance",
            name="requests_per_minute",
            field=models.PositiveIntegerField(blank=True, help_text="Empty: unlimited.", null=True),
        ),
        migrations.AddField(
            model_name="plan",
            name="requests_per_minute",
            field=models.PositiveIntegerField(blank=True, help_text="Messages in any 60 seconds. Empty: unlimited.", null=True),
        ),
        migrations.CreateModel(
            name="LimitWarning",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("level", models.PositiveSmallIntegerField(help_text="Percent.")),
                (
                    "mail",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Failed"), ("needless", "Needless")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("dismissed_at", models.DateTimeField(null=True)),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="warnings", to="usage.period"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "indexes": [models.Index(condition=models.Q(("mail", "waiting")), fields=["next_try_at"], name="warning_to_be_mailed")],
                "constraints": [
                    models.UniqueConstraint(fields=("period", "level"), name="warning_once"),
                    models.CheckConstraint(condition=models.Q(("level__in", (80, 90, 100))), name="warning_level_known"),
                    models.CheckConstraint(
                        condition=models.Q(("mail__in", ["waiting", "sent", "failed", "needless"])), name="warning_mail_known"
                    ),
                ],
            },
        ),
        migrations.RunPython(give_the_first_plans_theirs, migrations.RunPython.noop),
    ]
