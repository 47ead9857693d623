"""Who asked whether somebody is known finds what they were told by an index of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index on answers that say that somebody is known."""

    dependencies = [("casework", "0034_lifted_reason")]

    operations = [
        migrations.AddIndex(
            "knowncheck",
            models.Index(fields=["asker", "-answered_at"], condition=models.Q(answer="contact_us"), name="known_check_told"),
        ),
    ]
