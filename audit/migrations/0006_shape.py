"""What guards the records, as it was kept: a change of it is named, and stands on the trail."""

from django.db import migrations

TABLES = """
SET ROLE schakel_keeper;
CREATE TABLE trail.shape (thing text PRIMARY KEY, kept text, seen text);
RESET ROLE;
"""


class Migration(migrations.Migration):
    """Adds a table of the keeper's own."""

    dependencies = (("audit", "0005_circumstances"),)
    operations = (migrations.RunSQL(TABLES, migrations.RunSQL.noop),)
