"""The indexes of looks alone go: those of audit.0010 hold all that an organisation's log shows."""

from django.db import migrations


class Migration(migrations.Migration):
    """Drops two indexes."""

    dependencies = [
        ("casework", "0010_on_behalf_of"),
        ("audit", "0010_by_agency"),
    ]

    operations = [
        migrations.RunSQL("DROP INDEX entry_agency; DROP INDEX entry_of_others", migrations.RunSQL.noop),
    ]
