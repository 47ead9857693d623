"""Which columns `prepare` has met: what a migration puts into a new one stands on the trail."""

from django.db import migrations

TABLES = """
SET ROLE schakel_keeper;
CREATE TABLE trail.column_seen (tab text, col text, PRIMARY KEY (tab, col));
RESET ROLE;
"""


class Migration(migrations.Migration):
    """Adds a table of the keeper's own; audit/sql/added_columns.sql fills it."""

    dependencies = (("audit", "0012_shown"),)
    operations = (migrations.RunSQL(TABLES, migrations.RunSQL.noop),)
