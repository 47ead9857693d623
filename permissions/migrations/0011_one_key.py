"""There is one key that identities are signed with: a second one that somebody adds would let them act as anybody."""

from django.db import migrations

ONE = """
SET ROLE schakel_keeper;
DELETE FROM lock.key WHERE id <> 1;
ALTER TABLE lock.key ADD CONSTRAINT only_key CHECK (id = 1);
RESET ROLE;
"""
ANY = """
SET ROLE schakel_keeper;
ALTER TABLE lock.key DROP CONSTRAINT only_key;
RESET ROLE;
"""


class Migration(migrations.Migration):
    """What guards it is compared with what `prepare` stored, as every constraint is (audit/sql/shape.sql)."""

    dependencies = (("permissions", "0010_sign_in_tries"),)
    operations = (migrations.RunSQL(ONE, ANY),)
