"""Lists of work: every row is a thing that waits; they page by key, and never count beyond a bound."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from audit.recording import record_read
from casework.models import Assignment, Case, Deadline, Participation, Premises, Track, Visit
from casework.models.json_rows import columns_of, read_row, read_rows, rows_of, same_columns
from casework.selectors.waiting_kinds import waiting
from casework.selectors.waiting_rows import Waiting, described
from casework.selectors.waiting_shape import LATER, Asked, Key, open_terms, sees_agency, there_is, within_own
from casework.selectors.waiting_steps import Found
from permissions.acting import acting

PAGE = 25
PLANNED = 100
"""How many visits one page of the plan offers."""
MOST_COUNTED = 1000
FOLLOW_UP_CLOCKS = ("WELFARE_CALL", "WARNED", "FOLLOW_UP", "HELP_REVIEW", "MONITORING", "OFFER_ANSWER", "HELP_OFFER")


@dataclass(frozen=True, slots=True)
class Worklist:
    """One page of the worklist, and the key at which the next page begins."""

    rows: tuple[Waiting, ...]
    following: Key | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that waits, as far as it is counted: how many until each moment, and the rows for a page of it."""

    counts: tuple[int, ...]
    found: tuple[Found, ...]

    def within(self, asked: Asked) -> list[Found] | None:
        """Return the rows that are asked for; None where they may stand beyond what was counted."""
        if len(self.found) > MOST_COUNTED and (asked.after or asked.due_from or asked.due_until):
            return None
        return [row for row in self.found if _is_asked(row, asked)]


def _is_asked(row: Found, asked: Asked) -> bool:
    due_at = row.until or acting().moment
    in_span = not (asked.due_from and due_at < asked.due_from) and not (asked.due_until and due_at >= asked.due_until)
    return in_span and (asked.after is None or row.key > asked.after)


def worklist_overview(marks: Sequence[datetime] = ()) -> Overview:
    """Find what waits, at most MOST_COUNTED + 1, and count it up to each moment; what has no term waits now."""
    now = acting().moment
    found = tuple(Found(*row) for row in waiting(Asked(most=MOST_COUNTED + 1)))
    return Overview(tuple(sum((row.until or now) < mark for row in found) for mark in marks), found)


def worklist(  # noqa: PLR0913 - what can be asked of a list
    *,
    after: Key | None = None,
    due_from: datetime | None = None,
    due_until: datetime | None = None,
    waiting_for_others: bool = False,
    case_id: UUID | None = None,
    overview: Overview | None = None,
) -> Worklist:
    """Return what waits, first what stands above everything, then the nearest term; a page from `after`.

    `waiting_for_others` returns instead the handoffs in which another agency has the next step, and what the person asked
    another to approve; `case_id` what waits in one case. From an `overview` the page is taken, where it stands in it.
    """
    asked = Asked(after, due_from, due_until, case_id, PAGE + 1)
    known = overview.within(asked) if overview and not waiting_for_others else None
    found = known if known is not None else [Found(*row) for row in waiting(asked, for_others=waiting_for_others)]
    rows, more = found[:PAGE], len(found) > PAGE
    answer = described(rows)
    cases = {row.case_id for row in answer if row.case_id}
    record_read("worklist", Case, "", shown=sorted({str(row.case_id or row.about_id) for row in answer}), cases=cases)
    return Worklist(answer, rows[-1].key if more else None)


@dataclass(frozen=True, slots=True)
class OpenTerm:
    """A term that runs: by which clock, until when, and on which track."""

    id: UUID
    clock: str
    due_at: datetime
    overdue_at: datetime | None
    track_id: UUID | None


@dataclass(frozen=True, slots=True)
class TrackState:
    """A track as a list names it: its kind and where it is."""

    id: UUID
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One piece of follow-up work."""

    deadline: OpenTerm
    case_id: UUID
    reference: str
    track: TrackState


def follow_ups(after: Key | None = None) -> tuple[list[FollowUp], Key | None]:
    """Return the open follow-up work within reach, the most overdue first, a page from `after`."""
    act = acting()
    rows = within_own(open_terms().filter(clock__in=FOLLOW_UP_CLOCKS, track_id__isnull=False))
    if after:
        _, moment, last = after
        rows = rows.filter(due_at__gte=moment).filter(Q(due_at__gt=moment) | Q(pk__gt=last))
    called = Participation.objects.filter(content_object_id=OuterRef("case_id"), group_id=act.actor.agency)
    track = Track.objects.filter(pk=OuterRef("track_id")).values(said=same_columns(TrackState))
    described_rows: QuerySet[Any] = rows.annotate(
        called=Subquery(called.order_by("-starts_at").values("reference")[:1]), track=Subquery(track[:1])
    )
    found = list(described_rows.exclude(track=None).exclude(called=None).order_by("due_at", "pk")[: PAGE + 1])
    answer = [
        FollowUp(
            OpenTerm(row.pk, row.clock, row.due_at, row.overdue_at, row.track_id),
            row.case_id,
            row.called,
            read_row(TrackState, row.track),
        )
        for row in found[:PAGE]
    ]
    cases = {row.case_id for row in answer}
    record_read("follow_ups", Deadline, "", shown=sorted(str(case) for case in cases), cases=cases)
    last_row = found[PAGE - 1] if len(found) > PAGE else None
    return answer, (LATER, last_row.due_at, last_row.pk) if last_row else None


@dataclass(frozen=True, slots=True)
class PlannableVisit:
    """A case for which a visit is decided and can be planned."""

    track_id: UUID | str
    version: int
    reference: str
    place: str
    planned_on: date | None


@dataclass(frozen=True, slots=True)
class _Planned:
    """A track on which a visit is decided."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class _Town:
    """Where a visit goes, as far as a list says it."""

    postcode: str
    town: str

    @property
    def said(self) -> str:
        """The postcode and the town, as far as they are known."""
        return " ".join(filter(None, (self.postcode, self.town)))


@dataclass(frozen=True, slots=True)
class _Visit:
    """A visit that is not made yet."""

    planned_on: date


def _grants() -> QuerySet[Any]:
    """Return the grants that a list starts from: participations for roles that see the whole agency, else own assignments.

    Only what runs now, to the instant; the keeper ends every assignment with the part that its agency takes.
    """
    act = acting()
    if sees_agency():
        return Participation.objects.running(act.moment).filter(group_id=act.actor.agency)
    mine = {"user_id": act.actor.person_id, "agency_id": act.actor.agency_id}
    return Assignment.objects.running(act.moment).filter(**mine)


def plannable_visits(
    after: Key | None = None, *, references: Collection[str] | None = None, tracks: Collection[str] | None = None
) -> tuple[list[PlannableVisit], Key | None]:
    """Return the visits that the acting person may schedule now, nearest deadline first: a page from `after`.

    `references` returns those of the cases that are called so, `tracks` those of these tracks, however many they are.
    """
    case = {"case_id": OuterRef("content_object_id"), "agency_id": acting().actor.agency_id}
    is_whole = references is not None or tracks is not None
    planned = Track.objects.filter(kind="warning", state__in=("visit_planned", "visit_attempted"), **case)
    planned = planned if tracks is None else planned.filter(pk__in=tracks)
    places = Premises.objects.filter(**case).order_by("-made_at")
    visits = Visit.objects.filter(outcome="", **case).order_by("-made_at")
    query = _grants().filter(there_is(planned), is_open=True)
    if after:
        _, moment, last = after
        query = query.filter(next_due_at__gte=moment).filter(Q(next_due_at__gt=moment) | Q(content_object_id__gt=last))
    if references is not None:
        query = query.filter(reference__in=references)
    query = query.annotate(
        waiting=rows_of(planned, *columns_of(_Planned)),
        places=rows_of(places[:1], *columns_of(_Town)),
        visits=rows_of(visits[:1], *columns_of(_Visit)),
    ).order_by("next_due_at", "content_object_id")
    found: list[Any] = list(query if is_whole else query[: PLANNED + 1])
    rows, more = (found, False) if is_whole else (found[:PLANNED], len(found) > PLANNED)
    answer = [_plannable(row, track) for row in rows for track in read_rows(_Planned, row.waiting)]
    cases = {row.content_object_id for row in rows}
    record_read("visit_plan", Visit, "", shown=[str(row.track_id) for row in answer], cases=cases)
    return answer, (LATER, rows[-1].next_due_at, rows[-1].content_object_id) if more else None


def _plannable(row: Any, track: _Planned) -> PlannableVisit:
    return PlannableVisit(
        track_id=track.id,
        version=track.version,
        reference=row.reference,
        place=next((place.said for place in read_rows(_Town, row.places)), ""),
        planned_on=next((visit.planned_on for visit in read_rows(_Visit, row.visits)), None),
    )
