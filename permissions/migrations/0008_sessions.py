"""Sign-ins are found by a hash of their key, behind functions of the keeper."""

from django.db import migrations

CLOSE = """
DELETE FROM public.django_session;
REVOKE ALL ON public.django_session FROM schakel_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.django_session TO schakel_keeper;
"""


class Migration(migrations.Migration):
    """Sessions of before were kept by their key: they end."""

    dependencies = (("permissions", "0007_operations"), ("sessions", "0001_initial"))
    operations = (migrations.RunSQL(CLOSE, migrations.RunSQL.noop),)
