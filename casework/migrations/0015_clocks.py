"""A term keeps why it stopped where it was not met."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the outcome that left a term without sense."""

    dependencies = [
        ("casework", "0012_within_reach"),
    ]

    operations = [
        migrations.AddField(
            model_name="deadline",
            name="stop_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
    ]
