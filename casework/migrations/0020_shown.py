"""Which cases a list showed is found by the case, from now on and for the searches that there were."""

from django.db import migrations

from audit import showing


class Migration(migrations.Migration):
    """Needs the table of entries as it is guarded."""

    dependencies = (("casework", "0017_intake"), ("audit", "0012_shown"))
    operations = (migrations.RunSQL(showing.BEGIN, migrations.RunSQL.noop),)
