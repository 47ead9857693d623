"""A row of the worklist: what waits and its next step, by when, who holds it, and whom and where it concerns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet

from casework.models import Naming, PersonInCase, Premises, Ruling
from casework.selectors.closed_steps import UNDECIDED, decided_on
from casework.selectors.rows import rows_of
from casework.selectors.waiting_said import said_of
from casework.selectors.waiting_shape import FIRST, sees_named
from casework.selectors.waiting_steps import Found, Next, next_step
from permissions.acting import acting
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.vocabulary import Action

PLACE = ("street", "number", "postcode", "town", "country", "is_secret")
LEFT_AFTER = timedelta(days=1)
"""After how long what nobody holds is marked for those who assign work."""


@dataclass(frozen=True, slots=True)
class InCase:
    """What the acting role may know of a case on one line."""

    reference: str = ""
    who: dict[str, Any] = field(default_factory=dict)
    where: dict[str, Any] = field(default_factory=dict)
    """The newest address of the record, and whether it is to be kept secret."""
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
    cases = _cases({row.in_case for row in found if row.in_case})
    return tuple(
        _row(row._replace(said=said.get((row.waits, row.row), {})), cases.get(row.in_case, InCase())) for row in found
    )


def _with_decisions(said: Mapping[tuple[str, UUID], dict[str, Any]]) -> Mapping[tuple[str, UUID], dict[str, Any]]:
    """Say of each track what is decided on it: no row names as its next step what would be refused."""
    tracks = [row["track"] for row in said.values() if row.get("track")]
    decided = decided_on({UUID(track["id"]): track["state"] for track in tracks})
    for track in tracks:
        track["decided"] = decided.get(UUID(track["id"]), UNDECIDED)
    return said


def _cases(ids: set[UUID]) -> dict[UUID | None, InCase]:
    act = acting()
    case = {"case_id": OuterRef("content_object_id"), "agency_id": act.actor.agency_id}
    running = Naming.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=act.moment),
        content_object_id=OuterRef("content_object_id"),
        agency_id=act.actor.agency_id,
        starts_at__lte=act.moment,
    )
    rows: QuerySet[Any] = Ruling.objects.filter(content_object_id__in=ids, group_id=act.actor.agency_id or 0).annotate(
        people=rows_of(
            PersonInCase.objects.filter(**case).order_by("-made_at"), "role", "given_names", "infix", "family_name"
        ),
        places=rows_of(Premises.objects.filter(**case).order_by("-made_at")[:1], *PLACE),
        held=rows_of(running.order_by("starts_at"), "user_id", name=F("user__full_name")),
    )
    return {row.content_object_id: _in_case(row, act.actor.person_id) for row in rows}


def _in_case(row: Any, me: int) -> InCase:
    people = sorted(row.people, key=lambda person: person["role"] != "subject")
    return InCase(
        reference=row.reference,
        who=people[0] if people else {},
        where=row.places[0] if row.places else {},
        holders=tuple(holder["name"] for holder in row.held),
        is_mine=any(holder["user_id"] == me for holder in row.held),
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
        case=replace(case, who=row.said["person"]) if row.said.get("person") else case,
        number=(row.said.get("handoff") or {}).get("number", ""),
        is_acute=bool((row.said.get("handoff") or row.said).get("is_acute")),
        is_escalated=row.waits == "escalation",
        is_left=assigns and is_old and not case.holders and not step.waits_for,
    )
