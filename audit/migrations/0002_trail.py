"""The trail's trigger functions."""

from django.db import migrations

from audit import trail


class Migration(migrations.Migration):
    """Needs the entry table and the row that says who acts."""

    dependencies = (("audit", "0001_initial"), ("permissions", "0002_lock"))
    operations = (migrations.RunSQL(trail.CREATE, migrations.RunSQL.noop),)
