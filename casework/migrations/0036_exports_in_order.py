"""The index of one's own exports gives them in the order of the page, so that no page sorts them all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The order of the list, whole, in place of its first part."""

    dependencies = [("casework", "0035_known_checks_told")]

    operations = [
        migrations.RemoveIndex("export", "export_of_person"),
        migrations.AddIndex(
            "export",
            models.Index(fields=["made_by", "agency", "-made_at", "-review"], name="export_in_order"),
        ),
    ]
