"""What happened to the trail and its guards is found without reading the rest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds an index on a few entries."""

    dependencies = [
        ("audit", "0008_case_by_time"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("word__in", ("destroy_entries", "rules_changed"))), fields=["-id"], name="entry_system"
            ),
        ),
    ]
