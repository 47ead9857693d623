"""An emergency ends at once when the record that it opens becomes more confidential."""

from django.db import migrations

NAMED = """
SET ROLE schakel_keeper;
CREATE OR REPLACE FUNCTION lock.keep_confidential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
REVOKE ALL ON FUNCTION lock.keep_confidential() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock.keep_confidential() TO schakel_owner;
RESET ROLE;
"""
TRIGGERS = """
CREATE TRIGGER keep_confidential AFTER INSERT ON casework_note FOR EACH ROW
  WHEN (NEW.kind = 'police_intelligence') EXECUTE FUNCTION lock.keep_confidential();
CREATE TRIGGER keep_confidential AFTER INSERT ON casework_source FOR EACH ROW
  WHEN (NEW.is_protected) EXECUTE FUNCTION lock.keep_confidential();
"""


class Migration(migrations.Migration):
    """Adds two triggers."""

    dependencies = (("casework", "0007_basis_of_grants"),)
    operations = (
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    )
