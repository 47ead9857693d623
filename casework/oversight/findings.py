"""What is to be reviewed: emergencies in the agency's cases, and findings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from casework.models import Emergency, Finding, Notice, Participation
from casework.selectors.paging import Page, shown_page, shown_row
from permissions.acting import acting
from permissions.decision import roles_for
from permissions.vocabulary import Action

TOLD_DAYS = 31
"""How long the worklist says that somebody read in an emergency, or asks to be called: nothing ends either."""


def emergencies(after: str = "") -> Page[Emergency]:
    """Return a page of the emergencies that the acting person may review, those not reviewed first, newest first."""
    if not roles_for(acting().actor, Action.REVIEW_EMERGENCY):
        return Page([])
    rows = Emergency.objects.filter(agency_id=acting().actor.agency_id).select_related("user", "asker_agency")
    return shown_page(rows, "emergencies", "starts_at", after, Q(reviewed_at__isnull=False))


def emergency_for(emergency_id: UUID) -> Emergency:
    """Return one emergency, for the page of an act on it; raises Missing."""
    return shown_row(Emergency.objects.select_related("user", "asker_agency"), "emergency", emergency_id)


def findings(after: str = "") -> Page[Finding]:
    """Return a page of the findings about people of the agency, open ones first; nothing for who may raise none."""
    if not roles_for(acting().actor, Action.RAISE_FINDING):
        return Page([])
    rows = Finding.objects.filter(agency_id=acting().actor.agency_id, in_table="").select_related("about")
    return shown_page(rows, "findings", "opened_at", after, Q(closed_at__isnull=False))


def finding_for(finding_id: UUID) -> Finding:
    """Return one finding; raises Missing."""
    return shown_row(Finding.objects.select_related("about"), "finding", finding_id)


@dataclass(frozen=True, slots=True)
class ReadInEmergency:
    """One of somebody's cases that another read in an emergency: which, and when."""

    case_id: UUID
    made_at: datetime
    reference: str


def emergency_notices() -> list[ReadInEmergency]:
    """Return in which of their cases somebody read in an emergency in the last month: the case and when, no content."""
    act = acting()
    rows = Notice.objects.filter(agency_id=act.actor.agency_id, person_id=act.actor.person_id, word=Action.ASK_EMERGENCY)
    lately = rows.filter(made_at__gt=act.moment - timedelta(days=TOLD_DAYS))
    found = list(lately.order_by("-made_at").values_list("case_id", "made_at"))
    if not found:
        return []
    cases = {case_id for case_id, _at in found}
    names = dict(
        Participation.objects.filter(content_object_id__in=cases, group_id=act.actor.agency).values_list(
            "content_object_id", "reference"
        )
    )
    return [ReadInEmergency(case_id, at, names[case_id]) for case_id, at in found if case_id in names]
