"""The trail's schema, and its trigger functions as names: `prepare` gives them their text (audit/sql/)."""

from django.db import migrations

CREATE = """
SET ROLE schakel_keeper;
CREATE SCHEMA IF NOT EXISTS trail;
CREATE FUNCTION trail.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
CREATE FUNCTION trail.stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
CREATE FUNCTION trail.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA trail FROM PUBLIC;
RESET ROLE;
"""


class Migration(migrations.Migration):
    """Needs the entry table and the row that says who acts."""

    dependencies = (("audit", "0001_initial"), ("permissions", "0002_lock"))
    operations = (migrations.RunSQL(CREATE, migrations.RunSQL.noop),)
