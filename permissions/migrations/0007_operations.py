"""What was done under an operation id is told to whoever repeats it; an act holds its case before anything else.

`prepare` makes `act_as` as it is now and drops the one with fewer arguments; migrations of casework name `take_moment`.
"""

from django.db import migrations

NAMED = """
SET ROLE schakel_keeper;
CREATE OR REPLACE FUNCTION lock.take_moment() RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
REVOKE ALL ON FUNCTION lock.take_moment() FROM PUBLIC;
RESET ROLE;
"""


class Migration(migrations.Migration):
    """For databases in which no such function was made with the lock."""

    dependencies = (("permissions", "0006_bases"),)
    operations = (migrations.RunSQL(NAMED, migrations.RunSQL.noop),)
