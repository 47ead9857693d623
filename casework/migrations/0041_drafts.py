"""What somebody typed and did not send yet, encrypted, for them alone (docs/decisions/0027-drafts.md)."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
ALTER TABLE casework_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_draft FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON casework_draft TO schakel_keeper USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_draft TO schakel_keeper;
"""


class Migration(migrations.Migration):
    """A draft is no record: it has no entry of its own on the trail, and goes when it is sent."""

    dependencies = (
        ("casework", "0040_words"),
        ("permissions", "0012_demo_story"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("action", models.CharField(max_length=60)),
                ("about_id", models.UUIDField(null=True)),
                ("sealed", models.CharField(max_length=90000)),
                ("stored_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case"
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="permissions.membership",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("membership", "action", "about_id"), name="one_draft_a_place", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    )
