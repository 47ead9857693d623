"""Every handoff has a random number that both ends can say on the telephone; those of before get theirs at `prepare`."""

from django.db import migrations, models
from django.db.models import Q

GIVE = """
SET ROLE schakel_keeper;
CREATE OR REPLACE FUNCTION lock.give_number() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
REVOKE ALL ON FUNCTION lock.give_number() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock.give_number() TO schakel_owner;
RESET ROLE;
CREATE TRIGGER give_number BEFORE INSERT ON casework_handoff FOR EACH ROW EXECUTE FUNCTION lock.give_number();
CREATE TRIGGER keep_number BEFORE UPDATE ON casework_handoff FOR EACH ROW
  WHEN (NEW.number IS DISTINCT FROM OLD.number OR OLD.number = '') EXECUTE FUNCTION lock.give_number();
"""
"""The function itself stands in casework/sql/handoff_numbers.sql, and is made at every `prepare`."""


class Migration(migrations.Migration):
    """Adds the number, and what gives it."""

    dependencies = (("casework", "0028_exports"),)
    operations = (
        migrations.AddField(model_name="handoff", name="number", field=models.CharField(db_default="", max_length=8)),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.UniqueConstraint(condition=~Q(number=""), fields=("number",), name="handoff_number"),
        ),
        migrations.RunSQL(GIVE, migrations.RunSQL.noop),
    )
