"""In which capacity somebody reports, and room for what is frozen as data."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds one column, and widens another."""

    dependencies = [
        ("casework", "0014_moments_of_visits"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="capacity",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AlterField(
            model_name="packageitem",
            name="value",
            field=models.CharField(max_length=24000),
        ),
    ]
