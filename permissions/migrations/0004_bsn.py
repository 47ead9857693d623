"""Whether an agency may hold citizen service numbers: off until it says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds one column."""

    dependencies = (("permissions", "0003_guards"),)

    operations = (
        migrations.AddField(
            model_name="agency",
            name="may_hold_bsn",
            field=models.BooleanField(default=False),
        ),
    )
