"""Whether somebody of another organisation looked is found by who they are, however many looks there were."""

from django.db import migrations, models

BY_OTHERS = (
    models.Q(agency_id=None)
    | models.Q(agency_id__lt=models.F("record_agency_id"))
    | models.Q(agency_id__gt=models.F("record_agency_id"))
    | models.Q(action=5)
)


class Migration(migrations.Migration):
    """Adds two indexes of entries by others (permissions/sql/who_looked.sql)."""

    dependencies = (("audit", "0014_factors"),)
    operations = (
        migrations.AddIndex(
            "entry", models.Index(fields=["record_agency_id", "actor"], condition=BY_OTHERS, name="entry_looker")
        ),
        migrations.AddIndex(
            "entry",
            models.Index(
                fields=["record_agency_id", "on_behalf_of_id"],
                condition=BY_OTHERS & models.Q(on_behalf_of_id__isnull=False),
                name="entry_looker_for",
            ),
        ),
    )
