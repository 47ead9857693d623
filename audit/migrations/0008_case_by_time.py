"""Who saw a case in a month is read from that month alone: the index of a case goes by time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Replaces one index by another."""

    dependencies = [
        ("audit", "0007_keeping"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="entry",
            name="entry_case",
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["case_id", "-occurred_at", "-id"], name="entry_case_time"),
        ),
    ]
