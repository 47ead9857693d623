"""Who is away and who stands in for them, and cases that were given to another in one act."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = "".join(
    f"""
ALTER TABLE casework_{name} ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_{name} FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_{name} TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_{name} TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_{name} FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.{name}', 'id', '', 'agency_id', 'govern');
"""
    for name in ("absence", "reassignment")
)


def person(*, may_be_nobody: bool = False) -> models.ForeignKey:
    """Return a column for a person of the agency."""
    return models.ForeignKey(
        db_index=False,
        null=may_be_nobody,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


def agency() -> models.ForeignKey:
    """Return a column for the agency."""
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="permissions.agency"
    )


class Migration(migrations.Migration):
    """Two tables of an agency about its own people; neither is about a case."""

    dependencies = (("casework", "0041_drafts"), migrations.swappable_dependency(settings.AUTH_USER_MODEL))
    operations = (
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("made_by_id", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                ("agency", agency()),
                ("user", person()),
                ("deputy", person(may_be_nobody=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("replaced_at", None)),
                        fields=["agency", "user", "ends_on"],
                        name="absence_of_person",
                    ),
                    models.Index(
                        condition=models.Q(("replaced_at", None)),
                        fields=["agency", "deputy", "ends_on"],
                        name="absence_of_deputy",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="absence_begins_first"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deputy", None), models.Q(("deputy", models.F("user")), _negated=True), _connector="OR"
                        ),
                        name="another_stands_in",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reassignment",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("cases", models.PositiveIntegerField()),
                ("made_by_id", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("agency", agency()),
                ("holder", person(may_be_nobody=True)),
                ("taker", person()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["taker", "agency", "-made_at"], name="reassigned_to"),
                    models.Index(fields=["holder", "agency", "-made_at"], name="reassigned_from"),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    )
