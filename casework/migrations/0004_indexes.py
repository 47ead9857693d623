"""Indexes for what a case page and the desk read, so that neither reads a whole table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds indexes alone."""

    dependencies = (
        ("casework", "0003_terms_walls_advice"),
        ("permissions", "0003_guards"),
    )
    operations = (
        migrations.RemoveIndex(
            model_name="handoff",
            name="handoff_received",
        ),
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(fields=["case", "agency", "-made_at"], name="approval_of_case"),
        ),
        migrations.AddIndex(
            model_name="criterion",
            index=models.Index(fields=["case", "agency", "-made_at"], name="criterion_of_case"),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(("state__in", ["acknowledged", "delivered", "returned"])),
                fields=["receiver", "-is_acute", "moved_at"],
                name="handoff_on_desk",
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["case", "agency", "-made_at"], name="visit_of_case"),
        ),
    )
