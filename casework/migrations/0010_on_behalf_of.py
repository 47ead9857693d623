"""Whose act an intent follows from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds one column."""

    dependencies = [
        ("casework", "0009_reviews"),
    ]

    operations = [
        migrations.AddField(
            model_name="outbox",
            name="on_behalf_of_id",
            field=models.IntegerField(null=True),
        ),
    ]
