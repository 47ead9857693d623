"""How, from where and for whom somebody acts: columns of the row that says who does."""

from django.db import migrations

from permissions import lock


class Migration(migrations.Migration):
    """The functions that fill them are made anew at every `prepare`."""

    dependencies = (("permissions", "0004_bsn"),)
    operations = (migrations.RunSQL(lock.CIRCUMSTANCES, migrations.RunSQL.noop),)
