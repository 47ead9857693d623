"""What auditors write beside the trail, and the indexes by which a period of an agency's looks is read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _whose(to: str, *, null: bool = False) -> models.ForeignKey:  # type: ignore[type-arg]  # not subscriptable at run time
    return models.ForeignKey(db_index=False, null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to)


GUARDS = """
ALTER TABLE casework_review ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_review FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_review TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_review TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_review FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.review', 'id', '', 'agency_id', 'govern');
"""


class Migration(migrations.Migration):
    """Adds one table and two indexes."""

    dependencies = (
        ("casework", "0008_confidential"),
        ("permissions", "0004_bsn"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("made_at", models.DateTimeField()),
                ("entry_id", models.BigIntegerField(null=True)),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("seed", models.CharField(blank=True, default="", max_length=120)),
                ("size", models.PositiveIntegerField(default=0)),
                ("text", models.CharField(blank=True, default="", max_length=1500)),
                ("about", _whose(settings.AUTH_USER_MODEL, null=True)),
                ("agency", _whose("permissions.agency")),
                ("made_by", _whose(settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["agency", "-made_at"], name="review_of_agency"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("about", None), models.Q(("about", models.F("made_by")), _negated=True), _connector="OR"
                ),
                name="signed_off_by_another",
            ),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE INDEX entry_agency ON audit_entry (agency_id, occurred_at) WHERE verb = 'consult';"
            "CREATE INDEX entry_of_others ON audit_entry (record_agency_id, occurred_at)"
            " WHERE verb = 'consult' AND agency_id <> record_agency_id",
            "DROP INDEX entry_agency; DROP INDEX entry_of_others",
        ),
    )
