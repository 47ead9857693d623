"""Exports of the trail are made by the worker, in parts that are kept for a while."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
ALTER TABLE casework_export ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_export FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_export TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_export TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_export FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.export', 'id', '', 'agency_id', 'collect');
ALTER TABLE casework_exportpart ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_exportpart FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_exportpart TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_exportpart TO schakel_keeper;
"""


class Migration(migrations.Migration):
    """Adds an export and the parts of its file; an export has an entry a change, a part follows from its export."""

    dependencies = (("casework", "0026_waiting_signals"), migrations.swappable_dependency(settings.AUTH_USER_MODEL))
    operations = (
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "review",
                    models.OneToOneField(
                        db_column="id",
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="export",
                        serialize=False,
                        to="casework.review",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("total", models.PositiveBigIntegerField(null=True)),
                ("written", models.PositiveBigIntegerField(default=0)),
                ("parts", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField(null=True)),
                ("last_entry_id", models.BigIntegerField(null=True)),
                ("ready_at", models.DateTimeField(null=True)),
                ("kept_until", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="permissions.agency",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["made_by", "agency", "-made_at"], name="export_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ready_at", None), models.Q(("total", None), _negated=True), _connector="OR"),
                        name="counted_before_ready",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "export",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.export",
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("export", "number"), name="part_once")]},
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    )
