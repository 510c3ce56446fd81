"""Sums of the ledger by time, what waits to be added to them, and rows that adjust earlier ones."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# An adjustment costs what it costs; every other row still costs what its tokens cost. Checked for old rows in the next migration.
COST_OF_CALLS = """
ALTER TABLE usage_ledgerentry DROP CONSTRAINT ledger_cost_is_the_sum;
ALTER TABLE usage_ledgerentry ADD CONSTRAINT ledger_cost_is_the_sum CHECK (
    purpose = 'adjustment'
    OR cost * 1000000 = fresh_input * price_input + cache_read * price_cache_read + cache_write_5m * price_cache_write_5m
        + cache_write_1h * price_cache_write_1h + output * price_output
) NOT VALID;
"""
COST_OF_ALL = """
ALTER TABLE usage_ledgerentry DROP CONSTRAINT ledger_cost_is_the_sum;
ALTER TABLE usage_ledgerentry ADD CONSTRAINT ledger_cost_is_the_sum CHECK (
    cost * 1000000 = fresh_input * price_input + cache_read * price_cache_read + cache_write_5m * price_cache_write_5m
        + cache_write_1h * price_cache_write_1h + output * price_output
) NOT VALID;
"""

# Whoever writes into the ledger, and however many rows at once: each is noted in the same transaction. Earlier rows wait too.
NOTE_NEW_ROWS = """
CREATE FUNCTION usage_ledger_notes_new_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO usage_pendingentry (entry_id, workspace_id) SELECT id, workspace_id FROM added;
    RETURN NULL;
END
$$;
CREATE TRIGGER usage_ledger_notes_new_rows AFTER INSERT ON usage_ledgerentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION usage_ledger_notes_new_rows();
INSERT INTO usage_pendingentry (entry_id, workspace_id) SELECT id, workspace_id FROM usage_ledgerentry;
"""
NOTE_NOTHING = """
DROP TRIGGER usage_ledger_notes_new_rows ON usage_ledgerentry;
DROP FUNCTION usage_ledger_notes_new_rows();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_chat_preferences"),
        ("usage", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingEntry",
            fields=[
                ("entry_id", models.UUIDField(primary_key=True, serialize=False)),
                ("workspace_id", models.UUIDField(db_index=True)),
            ],
            options={
                "verbose_name_plural": "pending entries",
            },
        ),
        migrations.CreateModel(
            name="PersonDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("calls", models.BigIntegerField()),
                ("fresh_input", models.BigIntegerField()),
                ("cache_read", models.BigIntegerField()),
                ("cache_write_5m", models.BigIntegerField()),
                ("cache_write_1h", models.BigIntegerField()),
                ("output", models.BigIntegerField()),
                ("reasoning", models.BigIntegerField()),
                ("tokens", models.BigIntegerField()),
                ("cost", models.DecimalField(decimal_places=12, max_digits=36)),
                (
                    "saved",
                    models.DecimalField(decimal_places=12, max_digits=36),
                ),
                ("workspace_id", models.UUIDField()),
                ("day", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Rollup",
            fields=[
                ("calls", models.BigIntegerField()),
                ("fresh_input", models.BigIntegerField()),
                ("cache_read", models.BigIntegerField()),
                ("cache_write_5m", models.BigIntegerField()),
                ("cache_write_1h", models.BigIntegerField()),
                ("output", models.BigIntegerField()),
                ("reasoning", models.BigIntegerField()),
                ("tokens", models.BigIntegerField()),
                ("cost", models.DecimalField(decimal_places=12, max_digits=36)),
                (
                    "saved",
                    models.DecimalField(decimal_places=12, max_digits=36),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "grain",
                        "starts_at",
                        "provider",
                        "model",
                        "purpose",
                        "confidence",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("workspace_id", models.UUIDField()),
                ("grain", models.SmallIntegerField(help_text="Length of the span in minutes.")),
                ("starts_at", models.DateTimeField()),
                ("provider", models.CharField(max_length=40)),
                ("model", models.CharField(max_length=255)),
                ("purpose", models.CharField(max_length=20)),
                ("confidence", models.CharField(max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name="SubjectDay",
            fields=[
                ("calls", models.BigIntegerField()),
                ("fresh_input", models.BigIntegerField()),
                ("cache_read", models.BigIntegerField()),
                ("cache_write_5m", models.BigIntegerField()),
                ("cache_write_1h", models.BigIntegerField()),
                ("output", models.BigIntegerField()),
                ("reasoning", models.BigIntegerField()),
                ("tokens", models.BigIntegerField()),
                ("cost", models.DecimalField(decimal_places=12, max_digits=36)),
                (
                    "saved",
                    models.DecimalField(decimal_places=12, max_digits=36),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id", "day", "subject", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("workspace_id", models.UUIDField()),
                ("day", models.DateTimeField()),
                ("subject", models.CharField(max_length=80)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="subject",
            field=models.CharField(
                blank=True, default="", help_text="What the call was made in, such as conversation:<uuid>.", max_length=80
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="cache_read",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="cache_write_1h",
            field=models.BigIntegerField(default=0, verbose_name="cache write, 1 hour"),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="cache_write_5m",
            field=models.BigIntegerField(default=0, verbose_name="cache write, 5 minutes"),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="fresh_input",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="output",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="purpose",
            field=models.CharField(choices=[("chat", "Chat"), ("title", "Title"), ("adjustment", "Adjustment")], max_length=20),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="reasoning",
            field=models.BigIntegerField(default=0, help_text="A part of the output."),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="tokens",
            field=models.BigIntegerField(help_text="All input and all output."),
        ),
        AddConstraintNotValid(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("purpose", "adjustment"),
                    models.Q(
                        ("cache_read__gte", 0),
                        ("cache_write_1h__gte", 0),
                        ("cache_write_5m__gte", 0),
                        ("cost__gte", 0),
                        ("fresh_input__gte", 0),
                        ("output__gte", 0),
                        ("reasoning__gte", 0),
                        ("tokens__gte", 0),
                    ),
                    _connector="OR",
                ),
                name="ledger_not_negative",
            ),
        ),
        migrations.AddField(
            model_name="personday",
            name="user",
            field=models.ForeignKey(
                db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="rollup",
            constraint=models.CheckConstraint(condition=models.Q(("grain__in", [1440, 60, 15])), name="rollup_grain_known"),
        ),
        migrations.AddConstraint(
            model_name="personday",
            constraint=models.UniqueConstraint(fields=("workspace_id", "day", "user"), name="person_day_once"),
        ),
        migrations.RunSQL(COST_OF_CALLS, COST_OF_ALL),
        migrations.RunSQL(NOTE_NEW_ROWS, NOTE_NOTHING),
    ]
