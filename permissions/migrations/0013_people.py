"""Administrators change who belongs to their organisation, and invite a joiner by a link that is used once."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

GUARDS = """
ALTER TABLE permissions_memberchange ENABLE ROW LEVEL SECURITY;
ALTER TABLE permissions_memberchange FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON permissions_memberchange TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON permissions_memberchange TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON permissions_memberchange
  FOR EACH ROW EXECUTE FUNCTION trail.note('permissions.memberchange', 'id', '', 'agency_id', 'govern');
ALTER TABLE permissions_invitation ENABLE ROW LEVEL SECURITY;
ALTER TABLE permissions_invitation FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON permissions_invitation TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON permissions_invitation TO schakel_keeper;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON permissions_invitation
  FOR EACH ROW EXECUTE FUNCTION trail.note('permissions.invitation', 'id', '', 'agency_id', 'govern');
"""
"""What the application may do with them is settled at every `prepare` (permissions/rights.py)."""


def _agency() -> models.ForeignKey:  # type: ignore[type-arg]  # not subscriptable at run time
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="permissions.agency")


def _another(model: str, name: str) -> migrations.AddConstraint:
    none = models.Q(("confirmed_by_id__isnull", True), ("asked_by_id__isnull", True), _connector="OR")
    differ = models.Q(("confirmed_by_id", models.F("asked_by_id")), _negated=True)
    return migrations.AddConstraint(model, models.CheckConstraint(condition=none | differ, name=name))


class Migration(migrations.Migration):
    """Adds two tables; memberships that stand stay as they are."""

    dependencies = (("permissions", "0012_demo_story"),)
    operations = (
        migrations.CreateModel(
            name="MemberChange",
            fields=[
                ("asked_by_id", models.IntegerField(null=True)),
                ("confirmed_by_id", models.IntegerField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("membership_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(max_length=10, choices=[("join", "join"), ("roles", "roles"), ("end", "end")]),
                ),
                ("person_id", models.IntegerField(null=True)),
                ("username", models.CharField(blank=True, default="", max_length=80)),
                ("full_name", models.CharField(blank=True, default="", max_length=120)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("code", models.CharField(blank=True, default="", max_length=40)),
                ("text", models.CharField(blank=True, default="", max_length=4000)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("withdrawn_by_id", models.IntegerField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("agency", _agency()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency", "-asked_at"], name="change_of_agency"),
                    models.Index(fields=["membership_id", "-asked_at"], name="change_of_membership"),
                ],
            },
        ),
        _another("memberchange", "two_change"),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_by_id", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("agency", _agency()),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="permissions.membership",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    )
