from django.db import migrations, models


class Migration(migrations.Migration):
    """Copying was a kind that nothing ever wrote."""

    dependencies = [
        ("conversations", "0010_input_as_counted"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="answersignal",
            name="answer_signal_known",
        ),
        migrations.AlterField(
            model_name="answersignal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("stopped", "Stopped by a person"),
                    ("regenerated", "Asked for once more"),
                    ("edited", "Question asked in other words"),
                    ("continued", "Asked to go on"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="answersignal",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["stopped", "regenerated", "edited", "continued"])), name="answer_signal_known"
            ),
        ),
    ]
