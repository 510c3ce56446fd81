"""The ledger by time, and its checks for the rows that were there before: without stopping anybody who writes."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("usage", "0002_rollups")]

    operations = [
        AddIndexConcurrently("ledgerentry", models.Index(fields=["workspace", "called_at", "id"], name="ledger_by_time")),
        ValidateConstraint("ledgerentry", "ledger_not_negative"),
        migrations.RunSQL("ALTER TABLE usage_ledgerentry VALIDATE CONSTRAINT ledger_cost_is_the_sum", migrations.RunSQL.noop),
    ]
