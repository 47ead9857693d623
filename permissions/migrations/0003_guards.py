"""Guards of the tables that say who people are: readable before anybody acts, written only by named acts."""

from django.db import migrations

from audit import trail
from permissions.guard import ACTION, AGENCY, Guard, among
from permissions.policies import entries

PEOPLE = among(ACTION, ["migrate", "manage_people"])
AGENCIES = among(ACTION, ["migrate", "manage_agencies"])
OWN_PEOPLE = f"({ACTION} = 'migrate' OR ({ACTION} = 'manage_people' AND agency_id = {AGENCY}))"
AGREEMENTS = f"({ACTION} = 'migrate' OR ({ACTION} = 'manage_agreements' AND sender_id = {AGENCY}))"
SELF = f"({PEOPLE} OR id = (SELECT lock.person()))"


class Migration(migrations.Migration):
    """Needs the trail's trigger function."""

    dependencies = (("permissions", "0002_lock"), ("audit", "0002_trail"))
    operations = (
        migrations.RunSQL(trail.protect(entries()), migrations.RunSQL.noop),
        Guard(
            "permissions_agency", see="true", add=AGENCIES, change=AGENCIES, key="group_id", agency="group_id", verb="govern"
        ),
        Guard(
            "permissions_user",
            see="true",
            add=PEOPLE,
            change=SELF,
            columns=("full_name", "email", "is_active", "language", "password"),
            watched=("full_name", "email", "is_active", "language", "password", "username"),
            verb="govern",
        ),
        Guard(
            "permissions_membership",
            see="true",
            add=OWN_PEOPLE,
            change=OWN_PEOPLE,
            columns=("ends_at", "roles"),
            agency="agency_id",
            verb="govern",
        ),
        Guard(
            "permissions_sharingagreement",
            see="true",
            add=AGREEMENTS,
            change=AGREEMENTS,
            columns=("ends_on",),
            agency="sender_id",
            verb="govern",
        ),
    )
