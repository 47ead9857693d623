"""Keys that carry case and agency: a row can never hang on another case's or another agency's row."""

from django.db import migrations

PARENTS = {
    "track": "agency_id",
    "premises": "agency_id",
    "household": "agency_id",
    "personincase": "agency_id",
    "note": "agency_id",
    "handoff": "sender_id",
}
CHILDREN = (
    ("criterion", "track_id", "agency_id", "track"),
    ("visit", "track_id", "agency_id", "track"),
    ("storedfact", "track_id", "agency_id", "track"),
    ("approval", "track_id", "agency_id", "track"),
    ("approval", "handoff_id", "agency_id", "handoff"),
    ("deadline", "track_id", "agency_id", "track"),
    ("steptaken", "track_id", "agency_id", "track"),
    ("household", "premises_id", "agency_id", "premises"),
    ("personincase", "household_id", "agency_id", "household"),
    ("track", "subject_id", "agency_id", "personincase"),
    ("note", "corrects_id", "agency_id", "note"),
    ("nametoken", "person_id", "agency_id", "personincase"),
    ("citizennumber", "person_id", "agency_id", "personincase"),
    ("handoff", "track_id", "sender_id", "track"),
    ("packageitem", "handoff_id", "sender_id", "handoff"),
    ("disclosure", "handoff_id", "agency_id", "handoff"),
)
KEYS = "".join(
    f"ALTER TABLE casework_{name} ADD CONSTRAINT {name}_key UNIQUE (id, case_id, {agency});\n"
    for name, agency in PARENTS.items()
) + "".join(
    f"ALTER TABLE casework_{child} ADD CONSTRAINT {child}_of_{column} FOREIGN KEY ({column}, case_id, {agency})"
    f" REFERENCES casework_{parent} (id, case_id, {PARENTS[parent]});\n"
    for child, column, agency, parent in CHILDREN
)

NAMED = """
SET ROLE schakel_keeper;
CREATE OR REPLACE FUNCTION lock.four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
REVOKE ALL ON FUNCTION lock.four_eyes() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock.four_eyes() TO schakel_owner;
RESET ROLE;
"""
FOUR_EYES = """
CREATE TRIGGER four_eyes BEFORE UPDATE ON casework_approval FOR EACH ROW EXECUTE FUNCTION lock.four_eyes();
"""


class Migration(migrations.Migration):
    """Adds keys and one check."""

    dependencies = (("casework", "0005_access"),)
    operations = (
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.RunSQL(FOUR_EYES, migrations.RunSQL.noop),
    )
