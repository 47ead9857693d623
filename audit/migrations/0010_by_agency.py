"""What an organisation did, and what others did on its records, is found by time whatever it was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds two indexes; casework.0011 drops the two that held looks alone."""

    dependencies = [
        ("audit", "0009_system_entries"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["agency_id", "occurred_at"], name="entry_of_agency"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(
                    ("agency_id", None),
                    ("agency_id__lt", models.F("record_agency_id")),
                    ("agency_id__gt", models.F("record_agency_id")),
                    ("action", 5),
                    _connector="OR",
                ),
                fields=["record_agency_id", "occurred_at"],
                name="entry_by_others",
            ),
        ),
    ]
