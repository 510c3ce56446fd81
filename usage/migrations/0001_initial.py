"""The meter's tables, and what the database itself guards about the ledger."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids

# Cost is USD, prices are USD per million tokens; all are exact numerics, so the comparison is exact too.
LEDGER_SUMS = """
ALTER TABLE usage_ledgerentry
    ADD CONSTRAINT ledger_tokens_are_the_sum CHECK (
        tokens = fresh_input + cache_read + cache_write_5m + cache_write_1h + output
    ),
    ADD CONSTRAINT ledger_cost_is_the_sum CHECK (
        cost * 1000000 = fresh_input * price_input + cache_read * price_cache_read + cache_write_5m * price_cache_write_5m
            + cache_write_1h * price_cache_write_1h + output * price_output
    );
"""
NO_LEDGER_SUMS = """
ALTER TABLE usage_ledgerentry DROP CONSTRAINT ledger_cost_is_the_sum, DROP CONSTRAINT ledger_tokens_are_the_sum;
"""

# Append-only, whoever asks. The one change allowed is the erasure of a person: `user_id` becomes null, nothing else moves.
APPEND_ONLY = """
CREATE FUNCTION usage_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pseudonymous usage_ledgerentry%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        pseudonymous := OLD;
        pseudonymous.user_id := NULL;
        IF NEW IS NOT DISTINCT FROM pseudonymous THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The ledger is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER usage_ledger_is_append_only BEFORE UPDATE OR DELETE ON usage_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION usage_ledger_is_append_only();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER usage_ledger_is_append_only ON usage_ledgerentry;
DROP FUNCTION usage_ledger_is_append_only();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                (
                    "workspace",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="allowance",
                        serialize=False,
                        to="accounts.workspace",
                    ),
                ),
                ("plan_code", models.CharField(max_length=40)),
                ("plan_name", models.CharField(max_length=80)),
                ("tokens_per_period", models.PositiveBigIntegerField(blank=True, help_text="Empty: unlimited.", null=True)),
                (
                    "cost_per_period",
                    models.DecimalField(blank=True, decimal_places=12, help_text="USD. Empty: unlimited.", max_digits=24, null=True),
                ),
                ("version", models.BigIntegerField(help_text="An older version never undoes a newer one.")),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["workspace_id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("cost_per_period__gte", 0)), name="allowance_cost_not_negative")
                ],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("tokens_limit", models.PositiveBigIntegerField(help_text="Empty: unlimited.", null=True)),
                ("cost_limit", models.DecimalField(decimal_places=12, help_text="USD. Empty: unlimited.", max_digits=24, null=True)),
                ("tokens_used", models.PositiveBigIntegerField(default=0)),
                ("tokens_held", models.PositiveBigIntegerField(default=0)),
                ("cost_used", models.DecimalField(decimal_places=12, default=0, max_digits=24)),
                ("cost_held", models.DecimalField(decimal_places=12, default=0, max_digits=24)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at", "workspace_id"],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=255, unique=True)),
                ("api_key_id", models.UUIDField(null=True)),
                ("source", models.CharField(max_length=255)),
                ("purpose", models.CharField(choices=[("chat", "Chat"), ("title", "Title")], max_length=20)),
                ("provider", models.CharField(max_length=40)),
                ("model", models.CharField(max_length=255)),
                ("fresh_input", models.PositiveBigIntegerField(default=0)),
                ("cache_read", models.PositiveBigIntegerField(default=0)),
                ("cache_write_5m", models.PositiveBigIntegerField(default=0, verbose_name="cache write, 5 minutes")),
                ("cache_write_1h", models.PositiveBigIntegerField(default=0, verbose_name="cache write, 1 hour")),
                ("output", models.PositiveBigIntegerField(default=0)),
                ("reasoning", models.PositiveBigIntegerField(default=0, help_text="A part of the output.")),
                ("tokens", models.PositiveBigIntegerField(help_text="All input and all output.")),
                ("price_input", models.DecimalField(decimal_places=6, default=0, max_digits=14, verbose_name="price of fresh input")),
                ("price_cache_read", models.DecimalField(decimal_places=6, default=0, max_digits=14, verbose_name="price of cache reads")),
                (
                    "price_cache_write_5m",
                    models.DecimalField(decimal_places=6, default=0, max_digits=14, verbose_name="price of cache writes, 5 minutes"),
                ),
                (
                    "price_cache_write_1h",
                    models.DecimalField(decimal_places=6, default=0, max_digits=14, verbose_name="price of cache writes, 1 hour"),
                ),
                ("price_output", models.DecimalField(decimal_places=6, default=0, max_digits=14, verbose_name="price of output")),
                ("cost", models.DecimalField(decimal_places=12, max_digits=24)),
                (
                    "confidence",
                    models.CharField(
                        choices=[("reported", "Reported"), ("estimated", "Estimated"), ("reconciled", "Reconciled")], max_length=12
                    ),
                ),
                ("raw_usage", models.JSONField(default=dict)),
                ("called_at", models.DateTimeField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.workspace"
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="usage.period"
                    ),
                ),
            ],
            options={
                "verbose_name": "ledger entry",
                "verbose_name_plural": "ledger entries",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("key", models.CharField(max_length=255, unique=True)),
                ("tokens", models.PositiveBigIntegerField()),
                ("cost", models.DecimalField(decimal_places=12, max_digits=24)),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "Held"), ("settled", "Settled"), ("released", "Released"), ("expired", "Expired")],
                        default="held",
                        max_length=10,
                    ),
                ),
                ("lease_expires_at", models.DateTimeField()),
                ("source", models.CharField(max_length=255)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.workspace"
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="usage.period"),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("tokens_per_month", models.PositiveBigIntegerField(blank=True, help_text="Empty: unlimited.", null=True)),
                (
                    "cost_per_month",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="At list prices. Empty: unlimited.",
                        max_digits=14,
                        null=True,
                        verbose_name="cost per month (USD)",
                    ),
                ),
                (
                    "price_usd",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: on request.",
                        max_digits=10,
                        null=True,
                        verbose_name="price (USD a month)",
                    ),
                ),
                ("price_text", models.CharField(blank=True, help_text="The price as people read it.", max_length=80)),
                ("sort", models.PositiveSmallIntegerField(default=0)),
                ("public", models.BooleanField(default=True, help_text="Shown to everyone on the plan page.")),
            ],
            options={
                "ordering": ["sort", "code"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("cost_per_month__gte", 0)), name="plan_cost_not_negative"),
                    models.CheckConstraint(condition=models.Q(("price_usd__gte", 0)), name="plan_price_not_negative"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.UniqueConstraint(fields=("workspace", "starts_at"), name="period_once"),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="period_ends_after_start"),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost_held__gte", 0), ("cost_used__gte", 0), ("tokens_held__gte", 0), ("tokens_used__gte", 0)),
                name="period_counters_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(condition=models.Q(("cost_limit__gte", 0)), name="period_limit_not_negative"),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["workspace", "source"], name="ledger_by_source"),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["period", "id"], name="ledger_by_period"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__in", ["reported", "estimated", "reconciled"])), name="ledger_confidence_known"
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(condition=models.Q(("state", "held")), fields=["lease_expires_at"], name="hold_live_leases"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["held", "settled", "released", "expired"])), name="hold_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(condition=models.Q(("cost__gte", 0), ("tokens__gte", 0)), name="hold_not_negative"),
        ),
        migrations.RunSQL(LEDGER_SUMS, NO_LEDGER_SUMS),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
    ]
