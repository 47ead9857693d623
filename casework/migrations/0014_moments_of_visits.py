"""When a visit was planned and reported, and why an approver agrees."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds three columns; what was stored before keeps the moment at which its row was made."""

    dependencies = [
        ("casework", "0016_worklist"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="planned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="visit",
            name="reported_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="approval",
            name="approver_reason",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
    ]
