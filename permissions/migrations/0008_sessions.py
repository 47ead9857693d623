"""Sign-ins are found by a hash of their key, behind functions of the keeper."""

from django.db import migrations

from permissions import lock


class Migration(migrations.Migration):
    """Sessions of before were kept by their key: they end."""

    dependencies = (("permissions", "0007_operations"), ("sessions", "0001_initial"))
    operations = (migrations.RunSQL(lock.OPEN_SESSIONS, migrations.RunSQL.noop),)
