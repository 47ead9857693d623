"""Keys of an address are made by Python alone: the function of the database that once made them is gone."""

from django.db import migrations

GONE = """
SET ROLE schakel_keeper;
DROP FUNCTION IF EXISTS lock.address_keys(text, text, text, text);
RESET ROLE;
"""


class Migration(migrations.Migration):
    """A function whose name is gone from the files is dropped by a migration (decision 0018)."""

    dependencies = (("casework", "0038_address_keys"),)
    operations = (migrations.RunSQL(GONE, migrations.RunSQL.noop),)
