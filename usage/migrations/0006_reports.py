"""Reports of providers: which calls they name, what was imported, what the platform carries; audits that are kept."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids

# Append-only, whoever asks, like the ledger itself.
APPEND_ONLY = """
CREATE FUNCTION usage_platform_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Platform entries are append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER usage_platform_entry_is_append_only BEFORE UPDATE OR DELETE ON usage_platformentry
    FOR EACH ROW EXECUTE FUNCTION usage_platform_entry_is_append_only();
ALTER TABLE usage_platformentry ADD CONSTRAINT platform_tokens_are_the_sum CHECK (
    tokens = fresh_input + cache_read + cache_write_5m + cache_write_1h + output
);
"""
NOT_APPEND_ONLY = """
ALTER TABLE usage_platformentry DROP CONSTRAINT platform_tokens_are_the_sum;
DROP TRIGGER usage_platform_entry_is_append_only ON usage_platformentry;
DROP FUNCTION usage_platform_entry_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_default_model"),
        ("usage", "0005_warnings_and_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerAudit",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("seconds", models.FloatField()),
                ("counters_off", models.PositiveIntegerField()),
                ("rollups_off", models.PositiveIntegerField()),
                ("findings", models.JSONField(default=list, help_text="The first ones.")),
            ],
            options={
                "verbose_name": "audit of the ledger",
                "verbose_name_plural": "audits of the ledger",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PlatformEntry",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("fresh_input", models.BigIntegerField(default=0)),
                ("cache_read", models.BigIntegerField(default=0)),
                ("cache_write_5m", models.BigIntegerField(default=0)),
                ("cache_write_1h", models.BigIntegerField(default=0)),
                ("output", models.BigIntegerField(default=0)),
                ("key", models.CharField(max_length=255, unique=True)),
                ("provider", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("model", models.CharField(max_length=255)),
                ("tokens", models.BigIntegerField()),
                ("cost", models.DecimalField(decimal_places=12, max_digits=36)),
            ],
            options={
                "verbose_name": "platform entry",
                "verbose_name_plural": "platform entries",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ProviderReport",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "source",
                    models.CharField(
                        choices=[("openai", "Openai"), ("anthropic", "Anthropic"), ("openrouter", "Openrouter")],
                        max_length=20,
                        verbose_name="format",
                    ),
                ),
                ("provider", models.CharField(help_text="Whose calls in the ledger it was compared with.", max_length=40)),
                ("file_name", models.CharField(max_length=255)),
                ("file_size", models.BigIntegerField(help_text="Bytes.")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "label",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Key, project or workspace that it was limited to.",
                        max_length=255,
                        verbose_name="only",
                    ),
                ),
                (
                    "shared",
                    models.BooleanField(
                        default=False,
                        help_text="Differences of days went to the workspaces, not to the platform.",
                        verbose_name="shared out",
                    ),
                ),
                ("first_day", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("rows", models.BigIntegerField()),
                ("confirmed", models.BigIntegerField(help_text="Calls, or days of a model, that agreed.")),
                ("adjustments", models.BigIntegerField(help_text="Rows added to the ledger.")),
                ("unmatched", models.BigIntegerField(help_text="Rows of the report that the ledger does not know.")),
                ("tokens", models.BigIntegerField(help_text="In the ledger of workspaces.", verbose_name="tokens adjusted")),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=12, help_text="USD, in the ledger of workspaces.", max_digits=36, verbose_name="cost adjusted"
                    ),
                ),
                ("platform_tokens", models.BigIntegerField(help_text="What the platform carries.")),
                ("platform_cost", models.DecimalField(decimal_places=12, help_text="USD that the platform carries.", max_digits=36)),
                ("notes", models.JSONField(default=list, help_text="What was not compared, and why.")),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ReportedDay",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("fresh_input", models.BigIntegerField(default=0)),
                ("cache_read", models.BigIntegerField(default=0)),
                ("cache_write_5m", models.BigIntegerField(default=0)),
                ("cache_write_1h", models.BigIntegerField(default=0)),
                ("output", models.BigIntegerField(default=0)),
                ("provider", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("model", models.CharField(max_length=255)),
                ("calls", models.BigIntegerField(null=True)),
                ("tells_tokens", models.BooleanField()),
                ("tells_buckets", models.JSONField(default=list)),
                (
                    "cost",
                    models.DecimalField(decimal_places=12, help_text="USD. Empty: the report tells no money.", max_digits=36, null=True),
                ),
            ],
            options={
                "ordering": ["-day", "model"],
            },
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="adjusts",
            field=models.UUIDField(editable=False, help_text="The entry that an adjustment corrects, if it is one.", null=True),
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="provider_call_id",
            field=models.CharField(blank=True, db_default="", default="", help_text="What the provider calls it.", max_length=255),
        ),
        migrations.AddField(
            model_name="providerreport",
            name="imported_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="platformentry",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="platform_entries", to="usage.providerreport"
            ),
        ),
        migrations.AddField(
            model_name="reportedday",
            name="report",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="days", to="usage.providerreport"
            ),
        ),
        migrations.AddIndex(
            model_name="providerreport",
            index=models.Index(fields=["provider", "last_day"], name="report_by_day"),
        ),
        migrations.AddIndex(
            model_name="providerreport",
            index=models.Index(fields=["digest"], name="report_by_digest"),
        ),
        migrations.AddIndex(
            model_name="platformentry",
            index=models.Index(fields=["provider", "day", "model"], name="platform_by_day"),
        ),
        migrations.AddIndex(
            model_name="reportedday",
            index=models.Index(fields=["provider", "day", "model"], name="reported_by_day"),
        ),
        migrations.AddConstraint(
            model_name="reportedday",
            constraint=models.UniqueConstraint(fields=("report", "model", "day"), name="reported_day_once"),
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
