"""Of which person an item of a package tells."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """What was frozen before says it of people and their contact alone, by the row that it was frozen from."""

    dependencies = [("casework", "0032_kinds_of_help")]

    operations = [migrations.AddField("packageitem", "about_id", models.UUIDField(null=True))]
