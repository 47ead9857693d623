"""Terms that are extended, paused and escalated; walls that two people lift; advice without a case."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
ALTER TABLE casework_advice ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_advice FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_advice TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_advice TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_advice FOR EACH ROW
  EXECUTE FUNCTION trail.note('casework.advice', 'id', '', 'agency_id', 'collect');
"""


class Migration(migrations.Migration):
    """Adds columns, one table and one check."""

    dependencies = (
        ("casework", "0002_guards"),
        ("permissions", "0003_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.CreateModel(
            name="Advice",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("made_by_id", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("given_on", models.DateField()),
                ("asker", models.CharField(max_length=20)),
                ("asker_name", models.CharField(blank=True, default="", max_length=120)),
                ("subject", models.CharField(max_length=40)),
                ("advice", models.CharField(max_length=40)),
            ],
        ),
        migrations.AddField(
            model_name="deadline",
            name="acknowledged_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="acknowledged_by_id",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="escalated_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="deadline",
            name="paused_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="wall",
            name="lift_asked_by_id",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="wall",
            name="lift_reason",
            field=models.CharField(blank=True, default="", max_length=1500),
        ),
        migrations.AddField(
            model_name="wall",
            name="lifted_by_id",
            field=models.IntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(fields=["handoff_id"], name="approval_of_handoff"),
        ),
        migrations.AddConstraint(
            model_name="wall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__isnull", True),
                    models.Q(
                        ("lifted_by_id__isnull", False),
                        models.Q(("lifted_by_id", models.F("lift_asked_by_id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="two_lift_a_wall",
            ),
        ),
        migrations.AddField(
            model_name="advice",
            name="agency",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="permissions.agency"
            ),
        ),
        migrations.AddIndex(
            model_name="advice",
            index=models.Index(fields=["agency", "-made_at"], name="advice_of_agency"),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    )
