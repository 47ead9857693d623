"""Lists of work: they start from the ruling, page by key, and never count beyond a bound."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from audit.recording import record_read
from casework.models import Case, Deadline, Handoff, Naming, Premises, Ruling, Track, Visit
from casework.selectors.rows import revived, rows_of
from permissions.acting import acting
from permissions.decision import Relation, decide, roles_with
from permissions.grid import Cell
from permissions.vocabulary import Action
from workflows.tracks import SIDE_STEPS, WORKFLOWS, case_state

PAGE = 25
MOST_COUNTED = 1000
FOLLOW_UP_CLOCKS = ("WELFARE_CALL", "WARNED", "FOLLOW_UP", "HELP_REVIEW", "MONITORING", "OFFER_ANSWER", "HELP_OFFER")
WAITING_STATES = frozenset({"sent", "delivered", "acknowledged", "accepted"})
"""States of a handoff in which its sender waits for the other end."""
Key = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of the worklist."""

    case_id: UUID
    reference: str
    next_due_at: datetime
    moved_at: datetime
    state: str
    clock: str
    tracks: list[dict[str, Any]]
    waits: bool
    is_escalated: bool
    """Whether the next term stayed overdue and nobody said yet what happens now."""
    next_step: tuple[str, Action] | None
    """The track and the step on its main line that this person may take now."""


@dataclass(frozen=True, slots=True)
class Worklist:
    """One page of the worklist, and the key at which the next page begins."""

    rows: tuple[WorkRow, ...]
    following: Key | None


def _sees_all() -> bool:
    return acting().role in roles_with(Action.SEE_CASE, Cell.OWN, Cell.END)


def _ruled_rows() -> QuerySet[Any]:
    """Start from the ruling: the agency's rows for roles that see all of it, one's own namings for the others.

    Only what runs now, to the instant; the keeper ends every naming with the part that its agency takes.
    """
    act = acting()
    running = Q(ends_at=None) | Q(ends_at__gt=act.moment)
    if _sees_all():
        return Ruling.objects.filter(running, group_id=act.actor.agency_id or 0, starts_at__lte=act.moment)
    mine = {"user_id": act.actor.person_id, "agency_id": act.actor.agency_id}
    return Naming.objects.filter(running, starts_at__lte=act.moment, **mine)


def worklist(
    *,
    after: Key | None = None,
    due_from: datetime | None = None,
    due_until: datetime | None = None,
    waiting: bool = False,
) -> Worklist:
    """Return open cases, the nearest deadline first, a page from `after`, within a span of deadlines.

    `waiting` leaves only those in which another agency has the next step.
    """
    query = _ruled_rows().filter(is_open=True)
    if waiting:
        sent = Handoff.objects.filter(case_id=OuterRef("content_object_id"), sender_id=acting().actor.agency_id)
        query = query.filter(Exists(sent.filter(state__in=WAITING_STATES)))
    if due_from:
        query = query.filter(next_due_at__gte=due_from)
    if due_until:
        query = query.filter(next_due_at__lt=due_until)
    if after:
        moment, case_id = after
        query = query.filter(next_due_at__gte=moment).filter(Q(next_due_at__gt=moment) | Q(content_object_id__gt=case_id))
    found = list(_described(query).order_by("next_due_at", "content_object_id")[: PAGE + 1])
    rows, more = found[:PAGE], len(found) > PAGE
    answer = tuple(_work_row(row) for row in rows)
    record_read("worklist", Case, "", shown=[str(row.case_id) for row in answer])
    last = rows[-1] if rows else None
    return Worklist(answer, (last.next_due_at, last.content_object_id) if more and last else None)


def _described(query: QuerySet[Any]) -> QuerySet[Any]:
    agency_id = acting().actor.agency_id
    case = {"case_id": OuterRef("content_object_id")}
    deadlines = Deadline.objects.filter(agency_id=agency_id, met_at=None, **case).order_by("due_at")
    described: QuerySet[Any] = query.annotate(
        own_tracks=rows_of(
            Track.objects.filter(agency_id=agency_id, **case).order_by("made_at"),
            "id",
            "kind",
            "state",
        ),
        all_ends=rows_of(Handoff.objects.filter(**case), "sender_id", "state"),
        clocks=rows_of(deadlines[:1], "clock", "escalated_at", "acknowledged_at"),
    )
    return described


def _work_row(row: Any) -> WorkRow:
    agency_id = acting().actor.agency_id
    ends = [("sender" if end["sender_id"] == agency_id else "receiver", end["state"]) for end in row.all_ends]
    pairs = [(track["kind"], track["state"]) for track in row.own_tracks]
    return WorkRow(
        case_id=row.content_object_id,
        reference=row.reference,
        next_due_at=row.next_due_at,
        moved_at=row.moved_at,
        state=case_state(pairs, ends),
        clock=row.clocks[0]["clock"] if row.clocks else "",
        tracks=row.own_tracks,
        next_step=_next_step(row.own_tracks),
        waits=any(end == "sender" and state in WAITING_STATES for end, state in ends),
        is_escalated=any(term["escalated_at"] and not term["acknowledged_at"] for term in row.clocks),
    )


def _next_step(tracks: list[dict[str, Any]]) -> tuple[str, Action] | None:
    act = acting()
    relation = Relation(in_case=True, named=not _sees_all(), owner=True)
    for track in tracks:
        for action in WORKFLOWS[track["kind"]].actions_from(track["state"]):
            if action not in SIDE_STEPS and decide(act.role, action, relation, act.moment).allowed:
                return track["id"], action
    return None


def worklist_counts(marks: list[datetime]) -> list[int]:
    """Count open cases up to each moment, at most MOST_COUNTED, in one statement."""
    counts = [0] * len(marks)
    dues = _ruled_rows().filter(is_open=True).order_by("next_due_at").values_list("next_due_at", flat=True)
    for due_at in dues[: MOST_COUNTED + 1]:
        for place, mark in enumerate(marks):
            counts[place] += due_at < mark
    return counts


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One piece of follow-up work."""

    deadline: dict[str, Any]
    case_id: UUID
    reference: str
    track: dict[str, Any]


def follow_ups(after: Key | None = None) -> tuple[list[FollowUp], Key | None]:
    """Return the open follow-up work within reach, the most overdue first, a page from `after`."""
    query = _ruled_rows().filter(is_open=True)
    if after:
        moment, case_id = after
        query = query.filter(next_due_at__gte=moment).filter(Q(next_due_at__gt=moment) | Q(content_object_id__gt=case_id))
    agency_id = acting().actor.agency_id
    case = {"case_id": OuterRef("content_object_id"), "agency_id": agency_id}
    open_terms = Deadline.objects.filter(met_at=None, clock__in=FOLLOW_UP_CLOCKS, **case).order_by("due_at")
    found = list(
        query.annotate(
            terms=rows_of(open_terms, "id", "clock", "due_at", "overdue_at", "track_id"),
            own_tracks=rows_of(Track.objects.filter(**case), "id", "kind", "state"),
        )
        .exclude(terms=[])
        .order_by("next_due_at", "content_object_id")[: PAGE + 1],
    )
    answer = [
        FollowUp(term, row.content_object_id, row.reference, track)
        for row in found[:PAGE]
        for term in revived(row.terms)
        for track in row.own_tracks
        if track["id"] == term["track_id"]
    ]
    record_read("follow_ups", Deadline, "", shown=sorted({str(row.case_id) for row in answer}))
    last = found[PAGE - 1] if len(found) > PAGE else None
    return answer, (last.next_due_at, last.content_object_id) if last else None


@dataclass(frozen=True, slots=True)
class PlannableVisit:
    """A case for which a visit is decided and can be planned."""

    track_id: UUID
    version: int
    reference: str
    place: str
    planned_on: Any


def plannable_visits() -> list[PlannableVisit]:
    """Return the visits that the acting person may schedule now, nearest deadline first; at most MOST_COUNTED."""
    case = {"case_id": OuterRef("content_object_id"), "agency_id": acting().actor.agency_id}
    waiting = Track.objects.filter(kind="warning", state__in=("visit_planned", "visit_attempted"), **case)
    places = Premises.objects.filter(**case).order_by("-made_at")
    visits = Visit.objects.filter(outcome="", **case).order_by("-made_at")
    found = (
        _ruled_rows()
        .filter(is_open=True)
        .annotate(
            waiting=rows_of(waiting, "id", "version"),
            places=rows_of(places[:1], "postcode", "town"),
            visits=rows_of(visits[:1], "planned_on"),
        )
        .exclude(waiting=[])
        .order_by("next_due_at", "content_object_id")[:MOST_COUNTED]
    )
    answer = [
        PlannableVisit(
            track_id=UUID(track["id"]),
            version=track["version"],
            reference=row.reference,
            place=" ".join(row.places[0].values()) if row.places else "",
            planned_on=revived(row.visits)[0]["planned_on"] if row.visits else None,
        )
        for row in found
        for track in row.waiting
    ]
    record_read("visit_plan", Visit, "", shown=[str(row.track_id) for row in answer])
    return answer
