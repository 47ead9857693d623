"""Grants carry the legal basis on which they were given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds one column to both kinds of grants."""

    dependencies = (("casework", "0006_keys"),)
    operations = tuple(
        migrations.AddField(model_name=name, name="basis", field=models.CharField(db_default="", max_length=40))
        for name in ("naming", "ruling")
    )
