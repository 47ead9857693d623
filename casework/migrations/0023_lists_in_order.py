"""What runs for a track or handoff is found by it within the agency, also where the database has no statistics yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the indexes by which the worklist asks of one thing whether something runs or was asked for it."""

    dependencies = (("casework", "0022_address_keys"), ("permissions", "0007_operations"))
    operations = (
        *(
            migrations.AddIndex(
                model_name="approval",
                index=models.Index(
                    condition=models.Q(approved_by_id=None, **{f"{kind}_id__isnull": False}),
                    fields=[f"{kind}_id", "agency"],
                    name=f"approval_asked_{kind}",
                ),
            )
            for kind in ("track", "handoff")
        ),
        *(
            migrations.AddIndex(
                model_name="deadline",
                index=models.Index(
                    condition=models.Q(met_at__isnull=True, **{f"{kind}_id__isnull": False}),
                    fields=[f"{kind}_id", "agency"],
                    name=f"deadline_open_{kind}",
                ),
            )
            for kind in ("track", "handoff")
        ),
    )
