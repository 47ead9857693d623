"""Which cases a list showed is found by the case."""

from django.db import migrations

from audit import showing


class Migration(migrations.Migration):
    """Adds a table of the keeper's own; casework.0020 begins to fill it."""

    dependencies = (("audit", "0010_by_agency"),)
    operations = (migrations.RunSQL(showing.CREATE, migrations.RunSQL.noop),)
