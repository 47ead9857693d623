"""What the keeper reads to say whether something is within reach, at the same cost whether it is hidden or not there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds indexes by which a person's or an agency's nearest row is found."""

    dependencies = [
        ("casework", "0011_log_of_agency"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["user", "ends_at"], name="emergency_running"),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(fields=["sender", "case"], name="handoff_sent_in_case"),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(fields=["receiver", "case"], name="handoff_got_in_case"),
        ),
        migrations.AddIndex(
            model_name="naming",
            index=models.Index(fields=["user", "agency", "content_object", "-ends_at"], name="naming_within_reach"),
        ),
        migrations.AddIndex(
            model_name="ruling",
            index=models.Index(fields=["group", "content_object", "-ends_at"], name="ruling_within_reach"),
        ),
        migrations.AddIndex(
            model_name="wall",
            index=models.Index(fields=["user"], name="wall_of_person"),
        ),
    ]
