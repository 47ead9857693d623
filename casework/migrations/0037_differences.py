"""A difference with the trail is a finding that stays open until somebody closes it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

IS_DIFFERENCE = models.Q(("in_table", ""), _negated=True)
WATCHED = (
    "id, case_id, agency_id, about_id, kind, emergency_id, text, opened_by_id, opened_at, closing, closed_by_id, closed_at,"
    " in_table, of_row, columns, people, is_there, follows_id"
)
"""All but which run saw it last: an entry every five minutes would tell nothing."""
NAMED = """
SET ROLE schakel_keeper;
CREATE OR REPLACE FUNCTION lock.fair_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
REVOKE ALL ON FUNCTION lock.fair_closing() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock.fair_closing() TO schakel_owner;
RESET ROLE;
"""
TRIGGERS = f"""
DROP TRIGGER trail ON casework_finding;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OF {WATCHED} OR DELETE ON casework_finding FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.finding', 'id', 'case_id', 'agency_id', 'govern');
CREATE TRIGGER fair_closing BEFORE UPDATE OF closing, closed_by_id, closed_at ON casework_finding FOR EACH ROW
  EXECUTE FUNCTION lock.fair_closing();
"""


class Migration(migrations.Migration):
    """Such a finding is about no person, and may be of no one agency."""

    dependencies = [("casework", "0036_exports_in_order"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AlterField(
            "finding",
            "about",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "finding",
            "agency",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="permissions.agency",
            ),
        ),
        migrations.AddField("finding", "in_table", models.CharField(blank=True, default="", max_length=63)),
        migrations.AddField("finding", "of_row", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField(
            "finding",
            "columns",
            django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), default=list, size=None),
        ),
        migrations.AddField(
            "finding",
            "people",
            django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None),
        ),
        migrations.AddField("finding", "is_there", models.BooleanField(default=False)),
        migrations.AddField("finding", "last_seen_at", models.DateTimeField(null=True)),
        migrations.AddField("finding", "times_seen", models.PositiveIntegerField(default=0)),
        migrations.AddField("finding", "follows_id", models.UUIDField(null=True)),
        migrations.AddIndex(
            "finding", models.Index(condition=IS_DIFFERENCE, fields=["in_table", "of_row"], name="finding_of_row")
        ),
        migrations.AddIndex(
            "finding",
            models.Index(condition=IS_DIFFERENCE, fields=["agency", "-opened_at"], name="difference_of_agency"),
        ),
        migrations.AddConstraint(
            "finding",
            models.UniqueConstraint(
                condition=IS_DIFFERENCE & models.Q(("closed_at", None)),
                fields=["in_table", "of_row"],
                name="one_open_of_a_row",
            ),
        ),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
