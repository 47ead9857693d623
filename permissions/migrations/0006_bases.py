"""Who confirmed which basis, decisions on partnerships, and agreements that two people make."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

GUARDS = """
ALTER TABLE permissions_partnershipdecision ENABLE ROW LEVEL SECURITY;
ALTER TABLE permissions_partnershipdecision FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON permissions_partnershipdecision TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON permissions_partnershipdecision TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON permissions_partnershipdecision
  FOR EACH ROW EXECUTE FUNCTION trail.note('permissions.partnershipdecision', 'id', '', 'agency_id', 'govern');
ALTER TABLE permissions_basisconfirmation ENABLE ROW LEVEL SECURITY;
ALTER TABLE permissions_basisconfirmation FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON permissions_basisconfirmation TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON permissions_basisconfirmation TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON permissions_basisconfirmation
  FOR EACH ROW EXECUTE FUNCTION trail.note('permissions.basisconfirmation', 'id', '', 'agency_id', 'govern');
"""
"""What the application may do with them is settled at every `prepare` (permissions/rights.py)."""


def _two(model: str) -> list[migrations.AddField]:
    """Return the columns of what two people make; what stands there already was given to the installation."""
    moment = models.DateTimeField(null=True, db_default=django.db.models.functions.datetime.Now())
    return [
        migrations.AddField(model, "asked_by_id", models.IntegerField(null=True)),
        migrations.AddField(model, "confirmed_by_id", models.IntegerField(null=True)),
        migrations.AddField(model, "confirmed_at", moment),
        migrations.AlterField(model, "confirmed_at", models.DateTimeField(null=True)),
    ]


def _another(model: str, name: str) -> migrations.AddConstraint:
    none = models.Q(("confirmed_by_id__isnull", True), ("asked_by_id__isnull", True), _connector="OR")
    differ = models.Q(("confirmed_by_id", models.F("asked_by_id")), _negated=True)
    return migrations.AddConstraint(model, models.CheckConstraint(condition=none | differ, name=name))


def _agency() -> models.ForeignKey:  # type: ignore[type-arg]  # not subscriptable at run time
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="permissions.agency")


class Migration(migrations.Migration):
    """Adds two tables; agreements that stand stay in force."""

    dependencies = (("permissions", "0005_circumstances"),)
    operations = (
        *_two("sharingagreement"),
        _another("sharingagreement", "two_agree"),
        migrations.CreateModel(
            name="PartnershipDecision",
            fields=[
                ("asked_by_id", models.IntegerField(null=True)),
                ("confirmed_by_id", models.IntegerField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "members",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
                (
                    "groups",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("citation", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("agency", _agency()),
            ],
        ),
        _another("partnershipdecision", "two_decide"),
        migrations.CreateModel(
            name="BasisConfirmation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("basis", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=10)),
                ("is_confirmed", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                ("agency", _agency()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="basisconfirmation",
            index=models.Index(fields=["agency", "basis", "-made_at"], name="confirmation_of_basis"),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    )
