"""What was corrected and whom it is told to; a fact that was corrected points to the one that stands in its place."""

import django.db.models.deletion
from django.db import migrations, models


def _whose(to: str, *, related: str | None = None) -> models.ForeignKey:  # type: ignore[type-arg]  # not subscriptable at run time
    return models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name=related, to=to)


GUARDS = """
ALTER TABLE casework_correction ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_correction FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_correction TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_correction TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_correction FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.correction', 'id', 'case_id', 'agency_id', 'collect');
ALTER TABLE casework_correctionnews ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_correctionnews FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_correctionnews TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_correctionnews TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_correctionnews FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.correctionnews', 'id', 'case_id', 'sender_id', 'collect');
"""


class Migration(migrations.Migration):
    """Adds two tables and four columns; a ledger line of a correction stands beside that of its package."""

    dependencies = (("casework", "0026_waiting"),)
    operations = (
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("made_by_id", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("kind", models.CharField(max_length=10)),
                ("row_id", models.UUIDField()),
                ("label", models.CharField(max_length=40)),
                ("why", models.CharField(max_length=40)),
                ("explained", models.CharField(blank=True, default="", max_length=4000)),
                ("was", models.CharField(max_length=24000)),
                ("became", models.CharField(max_length=24000)),
                ("agency", _whose("permissions.agency")),
                ("case", _whose("casework.case")),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="CorrectionNews",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("cause_id", models.UUIDField()),
                ("origin_id", models.UUIDField()),
                ("group", models.CharField(max_length=20)),
                ("label", models.CharField(max_length=40)),
                ("value", models.CharField(blank=True, default="", max_length=24000)),
                ("withheld", models.CharField(blank=True, default="", max_length=20)),
                ("made_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                ("case", _whose("casework.case")),
                ("handoff", _whose("casework.handoff")),
                ("receiver", _whose("permissions.agency", related="+")),
                ("sender", _whose("permissions.agency", related="+")),
            ],
        ),
        migrations.AddField("disclosure", "is_correction", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("handoff", "is_outdated", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("personincase", "role_since", models.DateTimeField(null=True)),
        migrations.AddField("storedfact", "replaced_by_id", models.UUIDField(null=True)),
        migrations.RemoveConstraint("disclosure", "one_line_a_delivery"),
        migrations.AddConstraint(
            "disclosure",
            models.UniqueConstraint(
                condition=models.Q(("is_correction", False)), fields=("handoff", "package"), name="one_line_a_delivery"
            ),
        ),
        migrations.AddIndex(
            "correction", models.Index(fields=["case", "agency", "-made_at", "id"], name="correction_of_case")
        ),
        migrations.AddIndex("correctionnews", models.Index(fields=["handoff", "made_at"], name="news_of_handoff")),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    )
