"""How, from where and for whom somebody acts: columns of the row that says who does."""

from django.db import migrations

COLUMNS = """
SET ROLE schakel_keeper;
ALTER TABLE lock.acting ADD COLUMN strength text, ADD COLUMN client text, ADD COLUMN trace uuid, ADD COLUMN policy text,
  ADD COLUMN on_behalf_of int;
RESET ROLE;
"""


class Migration(migrations.Migration):
    """The functions that fill them are made anew at every `prepare`."""

    dependencies = (("permissions", "0004_bsn"),)
    operations = (migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),)
