"""What a reconciling run looks up: the change entries of one row, and how far the last run saw."""

from django.db import migrations, models

from audit import reconciling


class Migration(migrations.Migration):
    """Adds an index on entries of changes alone, and a table of the keeper's."""

    dependencies = (("audit", "0003_sealing"),)
    operations = (
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["content_type", "object_pk"],
                condition=models.Q(("action__lte", 2)),
                name="entry_changes",
            ),
        ),
        migrations.RunSQL(reconciling.CREATE, migrations.RunSQL.noop),
    )
