"""Indexes in the order in which the worklist reads them: what stands first, and cases of a person without a term."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Partial indexes; what was asked or runs for one thing is found with its order, without a look at the rows."""

    dependencies = [("casework", "0023_lists_in_order")]

    operations = [
        migrations.RemoveIndex(model_name="deadline", name="deadline_open_track"),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                fields=["track_id", "agency", "due_at", "id"],
                condition=Q(met_at__isnull=True, track_id__isnull=False),
                name="deadline_open_track",
            ),
        ),
        # Every policy asks for all namings of a person. In the order of their cases each is a page of its own; in the
        # order in which they were written they are few. Where two indexes cost the same, as on a database without
        # statistics, the one that was made last is taken.
        migrations.AddIndex(
            model_name="naming", index=models.Index(fields=["user", "agency", "id"], name="naming_of_person")
        ),
        migrations.RemoveIndex(model_name="deadline", name="deadline_first"),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                fields=["agency", "due_at", "id"],
                condition=Q(met_at__isnull=True, clock__in=("ACUTE_CHECK", "CHILDREN_FOUND")),
                name="deadline_pressing",
            ),
        ),
        migrations.AddIndex(
            model_name="naming",
            index=models.Index(
                fields=["user", "agency", "content_object"],
                condition=Q(is_open=True, lacks_term=True),
                name="naming_without_term",
            ),
        ),
    ]
