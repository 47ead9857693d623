"""The seal: positions, tiles of leaf hashes, signed checkpoints and what witnesses said of them."""

from django.db import migrations

from audit import sealing


class Migration(migrations.Migration):
    """Adds tables of the keeper's own; the application reaches them by functions alone."""

    dependencies = (("audit", "0002_trail"),)
    operations = (migrations.RunSQL(sealing.CREATE, migrations.RunSQL.noop),)
