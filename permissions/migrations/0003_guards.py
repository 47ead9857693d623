"""Guards of the entries and of the tables that say who people are: open to the keeper alone, every change on the trail.

What the application may do with them is settled at every `prepare` (permissions/people.py, casework/lock/guards.py).
"""

from django.db import migrations

ENTRIES = """
SET ROLE schakel_keeper;
GRANT USAGE ON SCHEMA trail, lock TO schakel_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA trail TO schakel_owner;
RESET ROLE;
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_rowversion ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_rowversion FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON audit_entry TO schakel_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper_all ON audit_rowversion TO schakel_keeper USING (true) WITH CHECK (true);
CREATE POLICY app_add ON audit_entry FOR INSERT TO schakel_app WITH CHECK (action >= 3);
GRANT SELECT, INSERT ON audit_entry TO schakel_app, schakel_keeper;
GRANT SELECT, INSERT, DELETE ON audit_rowversion TO schakel_keeper;
GRANT SELECT ON django_content_type, auth_permission TO schakel_keeper;
CREATE TRIGGER stamp BEFORE INSERT ON audit_entry FOR EACH ROW WHEN (NEW.action >= 3)
  EXECUTE FUNCTION trail.stamp();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION trail.refuse();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION trail.refuse();
REVOKE ALL ON auditlog_logentry FROM schakel_app;
"""
PEOPLE = """
ALTER TABLE permissions_agency ENABLE ROW LEVEL SECURITY;
ALTER TABLE permissions_agency FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON permissions_agency TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON permissions_agency TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON permissions_agency
  FOR EACH ROW EXECUTE FUNCTION trail.note('permissions.agency', 'group_id', '', 'group_id', 'govern');
ALTER TABLE permissions_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE permissions_user FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON permissions_user TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON permissions_user TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OF full_name, email, is_active, language, password, username OR DELETE ON permissions_user
  FOR EACH ROW EXECUTE FUNCTION trail.note('permissions.user', 'id', '', '', 'govern');
ALTER TABLE permissions_membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE permissions_membership FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON permissions_membership TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON permissions_membership TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON permissions_membership
  FOR EACH ROW EXECUTE FUNCTION trail.note('permissions.membership', 'id', '', 'agency_id', 'govern');
ALTER TABLE permissions_sharingagreement ENABLE ROW LEVEL SECURITY;
ALTER TABLE permissions_sharingagreement FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON permissions_sharingagreement TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON permissions_sharingagreement TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON permissions_sharingagreement
  FOR EACH ROW EXECUTE FUNCTION trail.note('permissions.sharingagreement', 'id', '', 'sender_id', 'govern');
"""


class Migration(migrations.Migration):
    """Needs the trail's trigger functions."""

    dependencies = (("permissions", "0002_lock"), ("audit", "0002_trail"))
    operations = (
        migrations.RunSQL(ENTRIES, migrations.RunSQL.noop),
        migrations.RunSQL(PEOPLE, migrations.RunSQL.noop),
    )
