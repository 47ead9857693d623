"""Which cases a list showed is found by the case, also for the searches that there were."""

from django.db import migrations

EARLIER = """
SET ROLE schakel_keeper;
INSERT INTO trail.shown (case_id, occurred_at, entry_id)
  SELECT DISTINCT c.id::uuid, e.occurred_at, e.id FROM public.audit_entry e
  CROSS JOIN LATERAL jsonb_array_elements_text(e.additional_data -> 'shown') AS c (id)
  WHERE e.word = 'search_own' AND e.action = 3;
RESET ROLE;
"""
"""Their entries named the cases among what was shown."""


class Migration(migrations.Migration):
    """Needs the table of entries as it is guarded."""

    dependencies = (("casework", "0017_intake"), ("audit", "0012_shown"))
    operations = (migrations.RunSQL(EARLIER, migrations.RunSQL.noop),)
