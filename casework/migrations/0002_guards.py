"""The keeper's functions, and the birth of every table of the records: guarded, watched, and open to nobody yet.

What the app role may do stands in casework/guards.py and is settled by `manage.py prepare`.
"""

from django.db import migrations

from casework import keeper
from permissions.guard import Guard

GRANT = ("reason", "ends_at", "starts_at", "reference")
OWNED = (
    "agencyrecord", "premises", "household", "personincase", "note", "criterion", "visit", "storedfact", "track",
    "steptaken", "approval", "deadline", "notice",
)  # fmt: skip


def born(name: str, agency: str = "agency_id", case: str = "case_id", **more: object) -> Guard:
    """Guard a table whose rows say which case and agency they are of."""
    return Guard(f"casework_{name}", case=case, agency=agency, **more)  # type: ignore[arg-type]


class Migration(migrations.Migration):
    """Needs the tables of the records and the trail."""

    dependencies = (("casework", "0001_initial"), ("permissions", "0003_guards"))
    operations = (
        migrations.RunSQL(keeper.CREATE, migrations.RunSQL.noop),
        Guard("casework_case", case="id"),
        born("naming", case="content_object_id", watched=GRANT, verb="govern"),
        born("wall", verb="govern"),
        born("handoff", "sender_id"),
        born("ruling", "group_id", "content_object_id", watched=GRANT, verb="govern"),
        born("packageitem", "sender_id"),
        born("disclosure", verb="provide"),
        *(born(name) for name in OWNED),
        Guard("casework_decreedday", key="day", verb="govern"),
    )
