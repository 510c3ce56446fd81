"""Which owners have a warning already, while others still wait for it. A constant default: no row is rewritten."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0008_calls_of_an_entry")]

    operations = [
        migrations.AddField(
            model_name="limitwarning",
            name="written_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                db_default=[],
                default=list,
                help_text="Owners who have it, while others still wait for theirs.",
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="limitwarning",
            name="next_try_at",
            field=models.DateTimeField(help_text="While it is being sent, the end of the sender's lease."),
        ),
    ]
