"""Why the second person lets a wall fall is kept beside why the first asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Walls that fell before say it of the first alone."""

    dependencies = [("casework", "0033_about_whom")]

    operations = [
        migrations.AddField(
            "wall", "lifted_reason", models.CharField(blank=True, db_default="", default="", max_length=4000)
        ),
    ]
