"""For which kind of help something is offered, consented to, begun or asked of another organisation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """What stands there names none: a consent of before is one to what was offered at that time."""

    dependencies = [("casework", "0031_orders")]

    operations = [
        migrations.AddField(name, "help_kind", models.CharField(blank=True, db_default="", default="", max_length=20))
        for name in ("storedfact", "handoff")
    ]
