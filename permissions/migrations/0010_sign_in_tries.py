"""Tries to sign in, counted by keyed marks behind functions of the keeper."""

from django.db import migrations, models

CLOSE = """
REVOKE ALL ON public.permissions_signintry FROM schakel_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.permissions_signintry TO schakel_keeper;
"""


class Migration(migrations.Migration):
    """Guessing at one name from many addresses is counted in every process together."""

    dependencies = (("permissions", "0009_factor_tries"),)
    operations = (
        migrations.CreateModel(
            name="SignInTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["mark", "at"], name="sign_in_tries"),
                    models.Index(fields=["at"], name="sign_in_tries_by_age"),
                ],
            },
        ),
        migrations.RunSQL(CLOSE, migrations.RunSQL.noop),
    )
