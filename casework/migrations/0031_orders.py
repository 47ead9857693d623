"""The orders of supervision on which a package was checked."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """What was checked before names none: a package on such an order that was not delivered is checked anew."""

    dependencies = [("casework", "0030_lists_of_what_waits")]

    operations = [
        migrations.AddField("handoff", "orders", ArrayField(base_field=models.UUIDField(), default=list, size=None)),
    ]
