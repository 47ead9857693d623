"""Tries of a second factor, and codes that were used, behind functions of the keeper."""

from django.db import migrations, models

CLOSE = """
REVOKE ALL ON public.permissions_factortry FROM schakel_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.permissions_factortry TO schakel_keeper;
"""


class Migration(migrations.Migration):
    """A code that was right is right once, whichever process is asked."""

    dependencies = (("permissions", "0008_sessions"),)
    operations = (
        migrations.CreateModel(
            name="FactorTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.IntegerField()),
                ("mark", models.CharField(blank=True, default="", max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["person_id", "at"], name="factor_tries")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("mark", ""), _negated=True), fields=("person_id", "mark"), name="code_once"
                    ),
                ],
            },
        ),
        migrations.RunSQL(CLOSE, migrations.RunSQL.noop),
    )
