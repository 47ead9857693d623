"""The tables of the law, and the birth of every table of the records: guarded, watched, and open to nobody yet.

What the app role may do stands in casework/lock/guards.py and is settled by `manage.py prepare`. So are the functions
of the triggers: here they only have their names (casework/sql/).
"""

from django.db import migrations

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


GUARDS = """
ALTER TABLE casework_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_case FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_case TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_case TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_case FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.case', 'id', 'id', '', 'collect');
ALTER TABLE casework_naming ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_naming FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_naming TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_naming TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OF reason, ends_at, starts_at, reference OR DELETE ON casework_naming FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.naming', 'id', 'content_object_id', 'agency_id', 'govern');
ALTER TABLE casework_wall ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_wall FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_wall TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_wall TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_wall FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.wall', 'id', 'case_id', 'agency_id', 'govern');
ALTER TABLE casework_handoff ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_handoff FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_handoff TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_handoff TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_handoff FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.handoff', 'id', 'case_id', 'sender_id', 'collect');
ALTER TABLE casework_ruling ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_ruling FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_ruling TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_ruling TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OF reason, ends_at, starts_at, reference OR DELETE ON casework_ruling FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.ruling', 'id', 'content_object_id', 'group_id', 'govern');
ALTER TABLE casework_packageitem ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_packageitem FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_packageitem TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_packageitem TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_packageitem FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.packageitem', 'id', 'case_id', 'sender_id', 'collect');
ALTER TABLE casework_disclosure ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_disclosure FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_disclosure TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_disclosure TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_disclosure FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.disclosure', 'id', 'case_id', 'agency_id', 'provide');
ALTER TABLE casework_agencyrecord ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_agencyrecord FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_agencyrecord TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_agencyrecord TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_agencyrecord FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.agencyrecord', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_premises ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_premises FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_premises TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_premises TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_premises FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.premises', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_household ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_household FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_household TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_household TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_household FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.household', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_personincase ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_personincase FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_personincase TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_personincase TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_personincase FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.personincase', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_note FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_note TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_note TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_note FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.note', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_criterion ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_criterion FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_criterion TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_criterion TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_criterion FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.criterion', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_visit ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_visit FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_visit TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_visit TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_visit FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.visit', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_storedfact ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_storedfact FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_storedfact TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_storedfact TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_storedfact FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.storedfact', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_track ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_track FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_track TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_track TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_track FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.track', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_steptaken ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_steptaken FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_steptaken TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_steptaken TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_steptaken FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.steptaken', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_approval ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_approval FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_approval TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_approval TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_approval FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.approval', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_deadline ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_deadline FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_deadline TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_deadline TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_deadline FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.deadline', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_notice TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_notice TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_notice FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.notice', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_decreedday ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_decreedday FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_decreedday TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_decreedday TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_decreedday FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.decreedday', 'day', '', '', 'govern');
"""


class Migration(migrations.Migration):
    """Needs the tables of the records and the trail."""

    dependencies = (("casework", "0001_initial"), ("permissions", "0003_guards"))
    operations = (
        migrations.RunSQL(LAW, migrations.RunSQL.noop),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    )
