"""Stops the terms that an outcome leaves without sense, with the outcome as their reason (workflows/outcomes.py)."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from casework.deadlines import stop
from casework.informing import pass_on
from casework.models import Deadline, StoredFact, Track
from permissions.acting import acting
from workflows.outcomes import outcomes_of


def stop_senseless(
    case_id: UUID,
    fact: str,
    code: str,
    track: Track | None,
    person_id: UUID | None = None,
) -> None:
    """Stop what makes no sense after this outcome: terms of the person, of the track or of the agency in the case."""
    act = acting()
    for row in outcomes_of(fact, code):
        terms = Deadline.objects.filter(case_id=case_id, agency_id=act.actor.agency_id, clock__in=row.stops, met_at=None)
        if row.of == "person":
            tracks = Track.objects.filter(case_id=case_id, agency_id=act.actor.agency_id, subject_id=person_id)
            terms = terms.filter(Q(person_id=person_id) | Q(track_id__in=tracks.values("pk")))
        elif row.of == "track":
            terms = terms.filter(track_id=track.pk if track else None)
        stop(terms, row.reason)


def stop_after_facts(case_id: UUID, facts: Sequence[StoredFact], track: Track | None) -> None:
    """Stop what makes no sense after these facts."""
    for row in facts:
        stop_senseless(case_id, row.fact, row.code, track, row.person_id)
    pass_on(case_id, facts)
