"""Which cases a list showed is found by the case."""

from django.db import migrations

TABLES = """
SET ROLE schakel_keeper;
CREATE TABLE trail.shown (
  case_id uuid NOT NULL, occurred_at timestamptz NOT NULL, entry_id bigint NOT NULL,
  PRIMARY KEY (case_id, occurred_at, entry_id)
);
CREATE INDEX shown_of_entry ON trail.shown (entry_id);
RESET ROLE;
"""


class Migration(migrations.Migration):
    """Adds a table of the keeper's own; audit/sql/shown_cases.sql fills it."""

    dependencies = (("audit", "0010_by_agency"),)
    operations = (migrations.RunSQL(TABLES, migrations.RunSQL.noop),)
