"""How many calls a ledger entry counts as. A constant default: no row is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0007_reconciliation_indexes")]

    operations = [
        migrations.AddField(
            model_name="ledgerentry",
            name="calls",
            field=models.SmallIntegerField(db_default=1, default=1),
        ),
    ]
