"""What a fact without a step can be about: who is still to be informed, and what came to nothing and waits for an answer."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from audit.recording import record_read
from casework.access import reach_case
from casework.models import Case, Deadline, Handoff, PersonInCase, Track, Wall
from permissions.acting import acting
from permissions.vocabulary import Action


def _running(case_id: UUID, clock: str) -> dict[str, object]:
    return {"case_id": case_id, "agency_id": acting().actor.agency_id, "clock": clock, "met_at": None}


def to_send_again(case_id: UUID) -> list[tuple[Handoff, str]]:
    """Return the handoffs that are to be sent again unless somebody says why not, each with its receiver's name."""
    reach_case(case_id, Action.WRITE_RECORD)
    waits = Deadline.objects.filter(handoff_id=OuterRef("pk"), **_running(case_id, "HANDOFF_AGAIN"))
    rows = Handoff.objects.filter(Exists(waits), case_id=case_id).select_related("receiver").order_by("moved_at", "id")
    return [(row, row.receiver.name) for row in rows]


def uninformed(case_id: UUID, action: Action) -> list[PersonInCase]:
    """Return the people who must still hear that data about them came from someone else, the oldest first."""
    reach_case(case_id, action)
    waits = Deadline.objects.filter(person_id=OuterRef("pk"), **_running(case_id, "INFORM_SUBJECT"))
    own = PersonInCase.objects.filter(Exists(waits), case_id=case_id, agency_id=acting().actor.agency_id)
    return _shown(case_id, own)


def people_for(case_id: UUID) -> list[PersonInCase]:
    """Return the people of the acting agency's record in a case that is within reach, the oldest first."""
    return _shown(case_id, PersonInCase.objects.filter(case_id=case_id, agency_id=acting().actor.agency_id))


def _shown(case_id: UUID, people: QuerySet[PersonInCase]) -> list[PersonInCase]:
    """Return people by whose names somebody chooses; that they were seen is on the trail."""
    found = list(people.order_by("made_at", "id"))
    if found:
        record_read("people", Case, case_id, case=case_id, record_agency=acting().actor.agency_id, shown=["people"])
    return found


def terms_for(case_id: UUID, action: Action) -> list[Deadline]:
    """Return the open terms of the acting agency in a case, the nearest first, with `number` and `kind` of what it is of."""
    reach_case(case_id, action)
    own = Deadline.objects.filter(case_id=case_id, agency_id=acting().actor.agency_id, met_at=None)
    number = Subquery(Handoff.objects.filter(pk=OuterRef("handoff_id")).values("number"))
    kind = Subquery(Track.objects.filter(pk=OuterRef("track_id")).values("kind"))
    return list(own.annotate(number=number, kind=kind).order_by("due_at"))


def walls_of(case_id: UUID) -> list[tuple[int, str, bool]]:
    """Return who stands behind a wall before a case: id, name, and whether its lifting was asked."""
    reach_case(case_id, Action.LIFT_WALL)
    rows = Wall.objects.standing(case_id).order_by("user__full_name")
    return [(row.user_id, row.user.full_name, row.lift_asked_by_id is not None) for row in rows.select_related("user")]
