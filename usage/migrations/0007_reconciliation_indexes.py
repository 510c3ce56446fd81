"""What reconciliation asks the ledger and the rollups for, without stopping anybody who writes."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("usage", "0006_reports")]

    operations = [
        AddIndexConcurrently(
            "ledgerentry",
            models.Index(
                fields=["provider", "provider_call_id"],
                condition=models.Q(("provider_call_id", ""), _negated=True),
                name="ledger_by_provider_call",
            ),
        ),
        AddIndexConcurrently(
            "ledgerentry",
            models.Index(fields=["adjusts"], condition=models.Q(("adjusts__isnull", False)), name="ledger_by_adjusted"),
        ),
        AddIndexConcurrently(
            "ledgerentry",
            models.Index(
                fields=["provider", "called_at"],
                condition=models.Q(("confidence", "estimated"), models.Q(("purpose", "adjustment"), _negated=True)),
                name="ledger_estimates",
            ),
        ),
        AddIndexConcurrently(
            "rollup",
            models.Index(fields=["provider", "starts_at"], condition=models.Q(("grain", 1440)), name="rollup_days_of_provider"),
        ),
    ]
