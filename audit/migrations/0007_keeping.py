"""Entries go when their time is over; their leaf hashes stay."""

from django.db import migrations

TABLES = """
SET ROLE schakel_keeper;
ALTER TABLE trail.tile ADD COLUMN gone smallint[] NOT NULL DEFAULT '{}';
CREATE TABLE trail.destroyed (entry_id bigint PRIMARY KEY, count int NOT NULL);
RESET ROLE;
"""


class Migration(migrations.Migration):
    """Adds a column to the tiles and a table of the keeper's own."""

    dependencies = (("audit", "0006_shape"),)
    operations = (migrations.RunSQL(TABLES, migrations.RunSQL.noop),)
