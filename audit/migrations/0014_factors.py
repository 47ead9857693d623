"""The newest entry of somebody's second factors is found by its person (audit/sql/factors.sql)."""

from django.db import migrations, models

WORDS = ("second_factor_added", "second_factor_changed", "second_factor_removed", "second_factor_noted")


class Migration(migrations.Migration):
    """Adds an index of entries of a few words."""

    dependencies = (("audit", "0013_columns"),)
    operations = (
        migrations.AddIndex(
            "entry",
            models.Index(fields=["object_pk", "-id"], condition=models.Q(word__in=WORDS), name="entry_factors"),
        ),
    )
