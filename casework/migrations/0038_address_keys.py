"""Keys of an address are made from it, and typed by nobody: they are not read as a text that somebody wrote."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes no column: only how its values are looked at on their way in."""

    dependencies = (("casework", "0037_differences"),)
    operations = (
        migrations.AlterField(
            "premises",
            "address_keys",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=300), default=list),
        ),
    )
