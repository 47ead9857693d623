"""Entries go when their time is over; their leaf hashes stay."""

from django.db import migrations

from audit import keeping


class Migration(migrations.Migration):
    """Adds a column to the tiles and a table of the keeper's own."""

    dependencies = (("audit", "0006_shape"),)
    operations = (migrations.RunSQL(keeping.CREATE, migrations.RunSQL.noop),)
