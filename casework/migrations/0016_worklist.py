"""What the worklist reads: terms of an agency in their order, what stands first, and cases in which no term runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a mark and indexes; until the keeper has looked at a case again, the mark says that it must be looked at."""

    dependencies = (("casework", "0018_stored_operations"),)
    operations = (
        migrations.AddField(model_name="naming", name="lacks_term", field=models.BooleanField(db_default=True)),
        migrations.AddField(model_name="ruling", name="lacks_term", field=models.BooleanField(db_default=True)),
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(
                condition=models.Q(("approved_by_id", None)), fields=["agency", "made_at"], name="approval_asked"
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("met_at__isnull", True)), fields=["agency", "due_at", "id"], name="deadline_of_agency"
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("clock__in", ("ACUTE_CHECK", "CHILDREN_FOUND")), ("met_at__isnull", True)),
                fields=["agency", "due_at"],
                name="deadline_first",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(
                    ("acknowledged_at__isnull", True), ("escalated_at__isnull", False), ("met_at__isnull", True)
                ),
                fields=["agency", "escalated_at"],
                name="deadline_escalated",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(("state__in", ("accepted", "acknowledged", "delivered", "sent"))),
                fields=["sender", "moved_at"],
                name="handoff_away",
            ),
        ),
        migrations.AddIndex(
            model_name="ruling",
            index=models.Index(
                condition=models.Q(("is_open", True), ("lacks_term", True)),
                fields=["group", "content_object"],
                name="ruling_without_term",
            ),
        ),
    )
