"""The tables of the law, and the birth of every table of the records: guarded, watched, and open to nobody yet.

What the app role may do stands in casework/guards.py and is settled by `manage.py prepare`. So are the functions
of the triggers: here they only have their names (casework/sql/).
"""

from django.db import migrations

from permissions.guard import Guard

GRANT = ("reason", "ends_at", "starts_at", "reference")
OWNED = (
    "agencyrecord", "premises", "household", "personincase", "note", "criterion", "visit", "storedfact", "track",
    "steptaken", "approval", "deadline", "notice",
)  # fmt: skip
LAW = """
SET ROLE schakel_keeper;
CREATE TABLE lock.law_step (kind text, source text, action text, target text, PRIMARY KEY (kind, source, action, target));
CREATE TABLE lock.law_start (kind text, state text, action text, PRIMARY KEY (kind, state, action));
CREATE TABLE lock.law_final (kind text, state text, PRIMARY KEY (kind, state));
RESET ROLE;
"""
NAMED = """
SET ROLE schakel_keeper;
CREATE OR REPLACE FUNCTION lock.only_by_law() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
CREATE OR REPLACE FUNCTION lock.keep_sort() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
CREATE OR REPLACE FUNCTION lock.keep_sort_of_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
CREATE OR REPLACE FUNCTION lock.place_try() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
CREATE OR REPLACE FUNCTION lock.keep_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
CREATE OR REPLACE FUNCTION lock.keep_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
REVOKE ALL ON FUNCTION lock.only_by_law(), lock.keep_sort(), lock.keep_sort_of_ends(), lock.place_try(), lock.keep_step(), lock.keep_notice() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock.only_by_law(), lock.keep_sort(), lock.keep_sort_of_ends(), lock.place_try(), lock.keep_step(), lock.keep_notice() TO schakel_owner;
RESET ROLE;
"""
TRIGGERS = """
CREATE TRIGGER place_try BEFORE INSERT ON audit_entry FOR EACH ROW WHEN (NEW.action = 5)
  EXECUTE FUNCTION lock.place_try();
CREATE TRIGGER only_by_law BEFORE INSERT OR UPDATE ON casework_track FOR EACH ROW
  EXECUTE FUNCTION lock.only_by_law('track');
CREATE TRIGGER only_by_law BEFORE INSERT OR UPDATE ON casework_handoff FOR EACH ROW
  EXECUTE FUNCTION lock.only_by_law('handoff');
CREATE TRIGGER keep_step AFTER UPDATE ON casework_track FOR EACH ROW WHEN (NEW.version <> OLD.version)
  EXECUTE FUNCTION lock.keep_step('track');
CREATE TRIGGER keep_step AFTER UPDATE ON casework_handoff FOR EACH ROW WHEN (NEW.version <> OLD.version)
  EXECUTE FUNCTION lock.keep_step('handoff');
CREATE TRIGGER keep_notice AFTER UPDATE ON casework_handoff FOR EACH ROW WHEN (NEW.state <> OLD.state AND NEW.state IN
  ('delivered', 'refused', 'returned', 'withdrawn', 'accepted', 'started', 'expired'))
  EXECUTE FUNCTION lock.keep_notice();
CREATE TRIGGER keep_sort AFTER INSERT OR UPDATE ON casework_track FOR EACH ROW EXECUTE FUNCTION lock.keep_sort();
CREATE TRIGGER keep_sort AFTER INSERT OR UPDATE ON casework_deadline FOR EACH ROW EXECUTE FUNCTION lock.keep_sort();
CREATE TRIGGER keep_sort AFTER INSERT OR UPDATE ON casework_handoff FOR EACH ROW
  EXECUTE FUNCTION lock.keep_sort_of_ends();
"""


def born(name: str, agency: str = "agency_id", case: str = "case_id", **more: object) -> Guard:
    """Guard a table whose rows say which case and agency they are of."""
    return Guard(f"casework_{name}", case=case, agency=agency, **more)  # type: ignore[arg-type]


class Migration(migrations.Migration):
    """Needs the tables of the records and the trail."""

    dependencies = (("casework", "0001_initial"), ("permissions", "0003_guards"))
    operations = (
        migrations.RunSQL(LAW, migrations.RunSQL.noop),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        Guard("casework_case", case="id"),
        born("naming", case="content_object_id", watched=GRANT, verb="govern"),
        born("wall", verb="govern"),
        born("handoff", "sender_id"),
        born("ruling", "group_id", "content_object_id", watched=GRANT, verb="govern"),
        born("packageitem", "sender_id"),
        born("disclosure", verb="provide"),
        *(born(name) for name in OWNED),
        Guard("casework_decreedday", key="day", verb="govern"),
    )
