"""Emergency access and its review, findings, sources, citizen service numbers, name tokens and known-elsewhere checks."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NAMED = """
SET ROLE schakel_keeper;
CREATE OR REPLACE FUNCTION lock.fair_wall() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
CREATE OR REPLACE FUNCTION lock.keep_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
CREATE OR REPLACE FUNCTION lock.keep_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
REVOKE ALL ON FUNCTION lock.fair_wall(), lock.keep_tokens(), lock.keep_review() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock.fair_wall(), lock.keep_tokens(), lock.keep_review() TO schakel_owner;
RESET ROLE;
"""
KEEPS = """
SET ROLE schakel_keeper;
UPDATE casework_ruling r SET keeps = EXISTS (
    SELECT 1 FROM casework_track t WHERE t.case_id = r.content_object_id AND t.agency_id = r.group_id) OR EXISTS (
    SELECT 1 FROM casework_agencyrecord a WHERE a.case_id = r.content_object_id AND a.agency_id = r.group_id);
RESET ROLE;
CREATE TRIGGER keep_sort AFTER INSERT ON casework_agencyrecord FOR EACH ROW EXECUTE FUNCTION lock.keep_sort();
CREATE TRIGGER fair_wall BEFORE INSERT ON casework_wall FOR EACH ROW EXECUTE FUNCTION lock.fair_wall();
"""
REVIEWED = """
CREATE TRIGGER keep_tokens AFTER INSERT OR UPDATE OF tokens ON casework_personincase FOR EACH ROW
  EXECUTE FUNCTION lock.keep_tokens();
CREATE TRIGGER keep_review AFTER UPDATE OF reviewed_at ON casework_emergency FOR EACH ROW
  EXECUTE FUNCTION lock.keep_review();
"""
GUARDS = """
ALTER TABLE casework_emergency ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_emergency FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_emergency TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_emergency TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_emergency FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.emergency', 'id', 'case_id', 'agency_id', 'govern');
ALTER TABLE casework_finding ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_finding FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_finding TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_finding TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_finding FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.finding', 'id', 'case_id', 'agency_id', 'govern');
ALTER TABLE casework_source ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_source FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_source TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_source TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_source FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.source', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_citizennumber ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_citizennumber FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_citizennumber TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_citizennumber TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_citizennumber FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.citizennumber', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_nametoken ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_nametoken FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_nametoken TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_nametoken TO schakel_keeper;
ALTER TABLE casework_knowncheck ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_knowncheck FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_knowncheck TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_knowncheck TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_knowncheck FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.knowncheck', 'id', 'case_id', 'agency_id', 'govern');
"""


class Migration(migrations.Migration):
    """Adds tables, and whether an agency keeps anything of a case of its own."""

    dependencies = (
        ("casework", "0004_indexes"),
        ("permissions", "0004_bsn"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.CreateModel(
            name="CitizenNumber",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("made_by_id", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("number", models.CharField(max_length=9)),
            ],
        ),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=1500)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_id", models.IntegerField(null=True)),
                ("verdict", models.CharField(blank=True, default="", max_length=20)),
                ("verdict_reason", models.CharField(blank=True, default="", max_length=1500)),
                ("reviewed_by_id", models.IntegerField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("emergency_id", models.UUIDField(null=True)),
                ("text", models.CharField(max_length=1500)),
                ("opened_by_id", models.IntegerField()),
                ("opened_at", models.DateTimeField()),
                ("closing", models.CharField(blank=True, default="", max_length=1500)),
                ("closed_by_id", models.IntegerField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="KnownCheck",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=1500)),
                ("made_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, default="", max_length=40)),
                ("answer_reason", models.CharField(blank=True, default="", max_length=1500)),
                ("answered_by_id", models.IntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="NameToken",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("made_by_id", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("kind", models.CharField(max_length=40)),
                ("token", models.CharField(db_collation="C", max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("made_by_id", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, default="", max_length=120)),
                ("contact", models.CharField(blank=True, default="", max_length=120)),
                ("is_protected", models.BooleanField(default=True)),
            ],
        ),
        migrations.AddField(
            model_name="notice",
            name="person_id",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="ruling",
            name="keeps",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["person_id", "agency", "-made_at"], name="notice_of_person"),
        ),
        migrations.AddField(
            model_name="citizennumber",
            name="agency",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="permissions.agency"),
        ),
        migrations.AddField(
            model_name="citizennumber",
            name="case",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="casework.case"),
        ),
        migrations.AddField(
            model_name="citizennumber",
            name="person",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="casework.personincase"
            ),
        ),
        migrations.AddField(
            model_name="emergency",
            name="agency",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="permissions.agency"
            ),
        ),
        migrations.AddField(
            model_name="emergency",
            name="asker_agency",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="permissions.agency"
            ),
        ),
        migrations.AddField(
            model_name="emergency",
            name="case",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="casework.case"),
        ),
        migrations.AddField(
            model_name="emergency",
            name="user",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="about",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="agency",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="permissions.agency"
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="case",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="casework.case"
            ),
        ),
        migrations.AddField(
            model_name="knowncheck",
            name="agency",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="permissions.agency"
            ),
        ),
        migrations.AddField(
            model_name="knowncheck",
            name="asker",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="knowncheck",
            name="asker_agency",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="permissions.agency"
            ),
        ),
        migrations.AddField(
            model_name="knowncheck",
            name="case",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="casework.case"),
        ),
        migrations.AddField(
            model_name="nametoken",
            name="agency",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="permissions.agency"),
        ),
        migrations.AddField(
            model_name="nametoken",
            name="case",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="casework.case"),
        ),
        migrations.AddField(
            model_name="nametoken",
            name="person",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="casework.personincase"),
        ),
        migrations.AddField(
            model_name="source",
            name="agency",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="permissions.agency"),
        ),
        migrations.AddField(
            model_name="source",
            name="case",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="casework.case"),
        ),
        migrations.AddIndex(
            model_name="citizennumber",
            index=models.Index(fields=["case", "agency"], name="number_of_case"),
        ),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(fields=["case", "user"], name="emergency_of_case"),
        ),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(fields=["agency", "-starts_at"], name="emergency_of_agency"),
        ),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(fields=["user", "-starts_at"], name="emergency_of_person"),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewed_by_id__isnull", True),
                    models.Q(("reviewed_by_id", models.F("user_id")), _negated=True),
                    _connector="OR",
                ),
                name="reviewed_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["agency", "-closed_at", "-opened_at"], name="finding_of_agency"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_by_id__isnull", True),
                    models.Q(("closed_by_id", models.F("about_id")), _negated=True),
                    _connector="OR",
                ),
                name="closed_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="knowncheck",
            index=models.Index(fields=["agency", "-answered_at", "-made_at"], name="known_check_of_agency"),
        ),
        migrations.AddIndex(
            model_name="nametoken",
            index=models.Index(fields=["agency", "kind", "token"], name="token_of_agency"),
        ),
        migrations.AddIndex(
            model_name="nametoken",
            index=models.Index(condition=models.Q(("kind", "identity")), fields=["token"], name="token_of_identity"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["case", "agency"], name="source_of_case"),
        ),
        migrations.AddField(
            model_name="personincase",
            name="tokens",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=130), default=list, size=None
            ),
        ),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.RunSQL(KEEPS, migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        migrations.RunSQL(REVIEWED, migrations.RunSQL.noop),
    )
