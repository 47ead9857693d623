"""What was done under an operation id is told to whoever repeats it; an act holds its case before anything else."""

from django.db import migrations

from permissions import lock


class Migration(migrations.Migration):
    """`act_as` takes what is to be held and what was asked; the function with fewer arguments goes."""

    dependencies = (("permissions", "0006_bases"),)
    operations = (migrations.RunSQL(lock.OPERATIONS, migrations.RunSQL.noop),)
