"""Who can see a case and why, now or at any past moment: rules and grants, never content."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from audit.recording import record_act
from casework.access import allow_oversight, reach_case
from casework.models import Case
from permissions.acting import acting
from permissions.decision import roles_with
from permissions.explaining import Explanation, Grant, Member, explain
from permissions.grid import Cell
from permissions.models import Membership
from permissions.vocabulary import CASE_ROLES, Action, Role

ASKED = (Action.SEE_CASE, Action.READ_RECORD, Action.WRITE_RECORD)
"""What the page says of everybody; the command says every action on a case."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One member of the agency, and why they may or may not."""

    member: Member
    reasons: tuple[Explanation, ...]


def grants_of(case_id: UUID) -> list[Grant]:
    """Return the dated grants and walls of the acting agency's part of a case; the look stands on the trail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, person, agency, why, giver, since, until, basis FROM lock.grants_of(%s)", [case_id])
        found = [Grant(*row) for row in cursor.fetchall()]
    agency_id = acting().actor.agency_id
    record_act("consult", "explain_access", Case, case_id, case=case_id, record_agency=agency_id)
    return found


RESTS_ON_TABLES = [
    f"casework_{name}" for name in ("participation", "assignment", "wall", "emergency", "agencyrecord", "track", "handoff")
]


def differs_from_trail(case_id: UUID) -> list[str]:
    """Return `table.column` of every grant, wall or record of a case that does not stand as the trail says; none is good.

    Each value is compared with the newest commitment of it, so what is explained is what the trail would say. What a run
    of reconciling found earlier is named as long as nobody closed it, also where it was put back since.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT d.in_table || '.' || coalesce(nullif(d.of_column, ''), 'gone') FROM"
            " (SELECT in_table, of_column FROM trail.unlike_of_case(%(case)s, %(kinds)s)"
            " UNION SELECT in_table, of_column FROM lock.open_differences(%(case)s, %(kinds)s)) AS d ORDER BY 1",
            {"case": case_id, "kinds": RESTS_ON_TABLES},
        )
        return [name for (name,) in cursor.fetchall()]


def members_at(agency_id: int | None, at: datetime) -> list[Member]:
    """Return who belonged to an agency at a moment, each with the roles of all running memberships there."""
    rows = Membership.objects.running(at).filter(agency_id=agency_id, user__is_active=True)
    return [
        Member(row.user_id, row.user.full_name, row.agency_id, tuple(role for role in Role if role in row.roles))
        for row in rows.select_related("user").order_by("user__full_name", "id")
    ]


def who_can_see(case_id: UUID, at: datetime | None = None) -> list[Explained]:
    """Return, for every member with a role in cases, whether they may see, read and write, and why; now or then."""
    if acting().role in roles_with(Action.EXPLAIN_ACCESS, Cell.OWN):
        reach_case(case_id)
    else:
        allow_oversight(case_id)
    moment = at or acting().moment
    grants = grants_of(case_id)
    return [
        Explained(member, tuple(explain(member, grants, action, moment) for action in ASKED))
        for member in members_at(acting().actor.agency_id, moment)
        if CASE_ROLES & set(member.roles)
    ]
