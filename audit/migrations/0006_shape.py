"""What guards the records, as it was kept: a change of it is named, and stands on the trail."""

from django.db import migrations

from audit import shape


class Migration(migrations.Migration):
    """Adds a table of the keeper's own."""

    dependencies = (("audit", "0005_circumstances"),)
    operations = (migrations.RunSQL(shape.CREATE, migrations.RunSQL.noop),)
