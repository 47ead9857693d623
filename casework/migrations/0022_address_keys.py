"""The keys by which an address is found again; `prepare` lays them for the addresses that there are."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds one column and its index."""

    dependencies = [
        ("casework", "0019_readings"),
    ]

    operations = [
        migrations.AddField(
            model_name="premises",
            name="address_keys",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=300), default=list, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="premises",
            index=django.contrib.postgres.indexes.GinIndex(fields=["address_keys"], name="premises_alike"),
        ),
    ]
