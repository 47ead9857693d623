"""Terms that are extended, paused and escalated; walls that two people lift; advice without a case."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import casework.fields
from casework import keeper, policies
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.guard import ACTION, AGENCY, PERSON, ROLE, Guard, among
from permissions.vocabulary import Action

ADVICE = f"agency_id = {AGENCY} AND {among(ROLE, list(roles_with(Action.RECORD_ADVICE, Cell.AGENCY)))}"
LIFTED = f"agency_id = {AGENCY} AND user_id <> {PERSON} AND {ACTION} = 'lift_wall'"
MADE_WALLS = f"agency_id = {AGENCY} AND {among(ACTION, [Action.WALL_PERSON, Action.DECLARE_CONFLICT])}"
SEEN_WALLS = f"user_id = {PERSON} OR (agency_id = {AGENCY} AND {ROLE} = 'supervisor')"
TERM = policies.workflow_row("casework_deadline")


class Migration(migrations.Migration):
    """Adds columns, one table and one check; the guards of what changed are made anew."""

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
                ("asker_name", casework.fields.PlainText(blank=True, default="", max_length=120)),
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
            field=casework.fields.PlainText(blank=True, default="", max_length=1500),
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
        migrations.RunSQL(keeper.REPLACE, migrations.RunSQL.noop),
        Guard("casework_advice", see=ADVICE, add=f"{ADVICE} AND {ACTION} = 'record_advice'", agency="agency_id"),
        Guard(
            "casework_wall",
            see=SEEN_WALLS,
            add=MADE_WALLS,
            change=LIFTED,
            columns=("ends_at", "lift_asked_by_id", "lift_reason", "lifted_by_id"),
            case="case_id",
            agency="agency_id",
            verb="govern",
            again=True,
        ),
        Guard(
            "casework_deadline",
            see=TERM,
            add=TERM,
            change=TERM,
            columns=(
                "met_at",
                "overdue_at",
                "due_at",
                "paused_until",
                "escalated_at",
                "acknowledged_at",
                "acknowledged_by_id",
            ),
            case="case_id",
            agency="agency_id",
            again=True,
        ),
    )
