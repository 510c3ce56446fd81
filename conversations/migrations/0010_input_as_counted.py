from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0009_how_answers_came_about"),
    ]

    operations = [
        migrations.AddField(
            model_name="generation",
            name="input_counted",
            field=models.PositiveIntegerField(db_default=0, default=0, help_text="Tokens of the input's texts, as we count them."),
        ),
    ]
