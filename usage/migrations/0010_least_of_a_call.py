"""What the smallest call needs. Constant defaults: no row is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0009_warnings_to_each_owner")]

    operations = [
        migrations.AddField(
            model_name="period",
            name="least_cost",
            field=models.DecimalField(db_default=0, decimal_places=12, default=0, help_text="The same in USD.", max_digits=24),
        ),
        migrations.AddField(
            model_name="period",
            name="least_tokens",
            field=models.PositiveBigIntegerField(db_default=0, default=0, help_text="What the smallest call needs; 0 until a refusal."),
        ),
    ]
