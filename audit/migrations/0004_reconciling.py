"""What a reconciling run looks up: the change entries of one row, and how far the last run saw."""

from django.db import migrations, models

TABLES = """
SET ROLE schakel_keeper;
CREATE TABLE trail.reconciled (
  tab text PRIMARY KEY, seen pg_snapshot NOT NULL, rows bigint NOT NULL, made_at timestamptz NOT NULL
);
RESET ROLE;
"""


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
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
    )
