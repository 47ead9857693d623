"""The lock: its schema, its functions, and the guards of the tables that say who people are."""

from django.db import migrations

from permissions import lock


class Migration(migrations.Migration):
    """Needs the tables of agencies, people and memberships."""

    dependencies = (("permissions", "0001_initial"),)
    operations = (migrations.RunSQL(lock.CREATE, migrations.RunSQL.noop),)
