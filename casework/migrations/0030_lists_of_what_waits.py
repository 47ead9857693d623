"""Indexes in the order of lists of what waits, and of what is done; who corrected a note is found by an index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What waits is a small part of what there is: partial indexes."""

    dependencies = [
        ("casework", "0029_handoff_numbers"),
        ("permissions", "0007_operations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="finding",
            name="finding_of_agency",
        ),
        migrations.RemoveIndex(
            model_name="knowncheck",
            name="known_check_of_agency",
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("clock", "EMERGENCY_REVIEW")),
                fields=["case", "agency", "started_at"],
                name="deadline_of_emergency",
            ),
        ),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(
                condition=models.Q(("reviewed_at", None)), fields=["agency", "-starts_at"], name="emergency_to_review"
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["agency", "-opened_at"], name="finding_open"
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["agency", "-opened_at"], name="finding_of_agency"),
        ),
        migrations.AddIndex(
            model_name="knowncheck",
            index=models.Index(
                condition=models.Q(("answered_at", None)), fields=["agency", "-made_at"], name="known_check_open"
            ),
        ),
        migrations.AddIndex(
            model_name="knowncheck",
            index=models.Index(fields=["agency", "-made_at"], name="known_check_of_agency"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(condition=models.Q(("corrects__isnull", False)), fields=["corrects"], name="note_corrected"),
        ),
    ]
