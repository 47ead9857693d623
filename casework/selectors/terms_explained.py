"""Why the terms of a case are due when they are: from when each is counted, what did not count, and what moved it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from audit.recording import record_read
from casework.access import reach_case
from casework.models import Case, Deadline, Handoff, StoredFact
from casework.selectors.case_line import CaseLine, case_line
from casework.terms.decreed import decreed_days
from permissions.acting import acting
from permissions.vocabulary import Action
from workflows.clocks import TERMS, Clock
from workflows.counting import MOVES, Counted, Move, counted, moved
from workflows.schedules import SCHEDULE_OF


@dataclass(frozen=True, slots=True)
class TermsPage:
    """The running terms of the acting agency in a case, the nearest first, below the line that names the case."""

    case_id: UUID
    line: CaseLine
    rows: tuple["ExplainedTerm", ...]


@dataclass(frozen=True, slots=True)
class ExplainedTerm:
    """A running term, and how it came to its day."""

    clock: Clock
    started_at: datetime
    due_at: datetime
    counted: Counted | None
    """None where the schedule that is stored has no such moment any more."""
    moves: tuple[Move, ...]
    is_explained: bool
    """Whether counting it again comes to the day that is stored."""


def explained_terms(case_id: UUID) -> TermsPage:
    """Return the running terms of a case that is within reach, each with how it came to its day."""
    reach_case(case_id, Action.SEE_CASE)
    own = {"case_id": case_id, "agency_id": acting().actor.agency_id}
    rows = Deadline.objects.filter(met_at=None, **own).annotate(is_acute=Exists(_acute())).order_by("due_at", "id")
    said = Q(fact__in=(*MOVES, *SCHEDULE_OF.values()))
    facts = list(StoredFact.objects.filter(said, **own).order_by("made_at", "id"))
    line = case_line(case_id)
    shown = ["deadlines", *line.shown]
    record_read("terms", Case, case_id, case=case_id, record_agency=acting().actor.agency_id, shown=shown)
    return TermsPage(case_id, line, tuple(_explained(row, facts) for row in rows))


def _acute() -> QuerySet[Handoff]:
    return Handoff.objects.filter(pk=OuterRef("handoff_id"), is_acute=True)


def _explained(row: Deadline, facts: Sequence[StoredFact]) -> ExplainedTerm:
    clock, extra = TERMS[row.clock], decreed_days()
    found = counted(
        clock,
        row.started_at,
        extra,
        is_acute=row.is_acute,  # type: ignore[attr-defined]
        place=row.sequence,
        stored=_schedule(row, facts),
    )
    moves = _moves(row, facts)
    ends = moved(found.due_at, moves, clock.calendar, extra) if found else None
    return ExplainedTerm(clock, row.started_at, row.due_at, found, moves, ends == row.due_at)


def _schedule(row: Deadline, facts: Sequence[StoredFact]) -> list[tuple[str, date]]:
    """Return the schedule that was stored last before this term was planned: a code and a day for each of its rows."""
    wanted = SCHEDULE_OF.get(row.clock)
    stored = [one for one in facts if one.fact == wanted and one.track_id == row.track_id and one.made_at <= row.started_at]
    return [(one.code, one.on_date) for one in stored if one.made_at == stored[-1].made_at and one.on_date]


def _moves(row: Deadline, facts: Sequence[StoredFact]) -> tuple[Move, ...]:
    about = (row.clock, row.track_id, row.handoff_id, row.person_id)
    return tuple(
        Move(one.made_at, one.on_date, one.fact == Action.PAUSE_DEADLINE, one.text)
        for one in facts
        if one.fact in MOVES
        and one.on_date
        and (one.code, one.track_id, one.handoff_id, one.person_id) == about
        and one.made_at >= row.started_at
    )
