"""Reports that were joined to a household are found by their agency: whether they were seen, its worklist asks."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Adds the index of these signals."""

    dependencies = (("casework", "0024_corrections"),)
    operations = (
        migrations.AddIndex(
            model_name="storedfact",
            index=models.Index(
                fields=["agency", "made_at"], condition=Q(fact="new_signal", action="open_case"), name="signal_of_agency"
            ),
        ),
    )
