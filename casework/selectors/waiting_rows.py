"""A row of the worklist: what waits and its next step, by when, who holds it, and whom and where it concerns."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet

from casework.models import Assignment, Participation, PersonInCase, Premises
from casework.models.json_rows import columns_of, read_rows, rows_of
from casework.selectors.closed_steps import decided_on
from casework.selectors.said_rows import NOTHING, Holder, NamedPerson, Place, Said
from casework.selectors.waiting_said import said_of
from casework.selectors.waiting_shape import FIRST, one_of, sees_named
from casework.selectors.waiting_steps import Found, Next, next_step
from permissions.acting import acting
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.prepared import Prepared
from permissions.vocabulary import Action

LEFT_AFTER = timedelta(days=1)
"""After how long what nobody holds is marked for those who assign work."""


@dataclass(frozen=True, slots=True)
class InCase:
    """What the acting role may know of a case on one line."""

    reference: str = ""
    who: NamedPerson | None = None
    where: Place | None = None
    """The newest address of the record."""
    holders: tuple[str, ...] = ()
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits, as the acting role may know it."""

    kind: str
    about_id: UUID
    case_id: UUID | None
    is_first: bool
    """Whether it stands above everything else, whatever its term."""
    due_at: datetime | None
    clock: str
    since: datetime
    step: Next
    case: InCase
    number: str
    """The number of the handoff, where the row is of one."""
    is_acute: bool
    is_escalated: bool
    is_left: bool
    """Whether nobody has held it for a day."""


def described(found: Sequence[Found]) -> tuple[Waiting, ...]:
    """Return rows as they are shown; what they say, and what is known of their cases, is read in a statement each."""
    said = _with_decisions(said_of([(row.waits, row.row) for row in found]))
    cases = lines_of({row.in_case for row in found if row.in_case})
    return tuple(
        _row(row._replace(said=said.get((row.waits, row.row), NOTHING)), cases.get(row.in_case, InCase())) for row in found
    )


def _with_decisions(said: Mapping[tuple[str, UUID], Said]) -> Mapping[tuple[str, UUID], Said]:
    """Say of each track what is decided on it."""
    decided = decided_on({row.track.id: row.track.state for row in said.values() if row.track})
    return {
        key: replace(row, track=replace(row.track, decided=decided[row.track.id]))
        if row.track and row.track.id in decided
        else row
        for key, row in said.items()
    }


def _in_cases(ids: list[UUID]) -> QuerySet[Any]:
    act = acting()
    case = {"case_id": OuterRef("content_object_id"), "agency_id": act.actor.agency_id}
    of_case = {"content_object_id": OuterRef("content_object_id"), "agency_id": act.actor.agency_id}
    running = Assignment.objects.running(act.moment).filter(**of_case)
    return Participation.objects.filter(one_of("content_object_id", ids), group_id=act.actor.agency).annotate(
        people=rows_of(PersonInCase.objects.filter(**case).order_by("-made_at", "-id"), *columns_of(NamedPerson)),
        places=rows_of(Premises.objects.filter(**case).order_by("-made_at", "-id")[:1], *columns_of(Place)),
        held=rows_of(running.order_by("starts_at"), "user_id", name=F("user__full_name")),
    )


_IN_CASES: Prepared[Any] = Prepared(_in_cases)


def lines_of(ids: Collection[UUID]) -> dict[UUID | None, InCase]:
    """Return what the acting role may know of each of these cases on one line, in one statement."""
    me = acting().actor.person_id
    return {row.content_object_id: _in_case(row, me) for row in _IN_CASES.rows(ids=list(ids))} if ids else {}


def _in_case(row: Any, me: int) -> InCase:
    people = sorted(read_rows(NamedPerson, row.people), key=lambda person: person.role != "subject")
    places, held = read_rows(Place, row.places), read_rows(Holder, row.held)
    return InCase(
        reference=row.reference,
        who=people[0] if people else None,
        where=places[0] if places else None,
        holders=tuple(holder.name for holder in held),
        is_mine=any(holder.user_id == me for holder in held),
    )


def _row(row: Found, case: InCase) -> Waiting:
    act = acting()
    step = next_step(row, is_named=case.is_mine or (sees_named() and bool(case.reference)))
    assigns = act.role in roles_with(Action.ASSIGN, Cell.OWN)
    is_old = row.since + LEFT_AFTER <= act.moment
    return Waiting(
        kind=row.waits,
        about_id=row.about,
        case_id=row.in_case,
        is_first=row.rank <= FIRST,
        due_at=row.until,
        clock=row.term,
        since=row.since,
        step=step,
        case=replace(case, who=row.said.person) if row.said.person else case,
        number=row.said.handoff.number if row.said.handoff else "",
        is_acute=(row.said.handoff or row.said).is_acute,
        is_escalated=row.waits == "escalation",
        is_left=assigns and is_old and not case.holders and not step.waits_for,
    )
