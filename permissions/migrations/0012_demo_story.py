"""A demo tells one story of days that have passed; while it does, and only then, it takes a moment that it is told."""

from django.db import migrations

TABLE = """
SET ROLE schakel_keeper;
CREATE TABLE lock.demo_story (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  began_at timestamptz NOT NULL,
  told_at timestamptz
);
RESET ROLE;
"""


class Migration(migrations.Migration):
    """What begins and ends a story is docs/decisions/0026-demo.md."""

    dependencies = (("permissions", "0011_one_key"),)
    operations = (migrations.RunSQL(TABLE, migrations.RunSQL.noop),)
