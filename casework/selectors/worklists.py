"""Lists of work: every row is a thing that waits; they page by key, and never count beyond a bound."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from audit.recording import record_read
from casework.models import Case, Deadline, Naming, Premises, Ruling, Track, Visit
from casework.selectors.rows import revived, rows_of
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


def worklist(
    *,
    after: Key | None = None,
    due_from: datetime | None = None,
    due_until: datetime | None = None,
    waiting_for_others: bool = False,
    case_id: UUID | None = None,
) -> Worklist:
    """Return what waits, first what stands above everything, then the nearest term; a page from `after`.

    `waiting_for_others` returns instead the handoffs in which another agency has the next step; `case_id` what waits in
    one case.
    """
    asked = Asked(after, due_from, due_until, case_id, PAGE + 1)
    found = [Found(*row) for row in waiting(asked, for_others=waiting_for_others)]
    rows, more = found[:PAGE], len(found) > PAGE
    answer = described(rows)
    cases = {row.case_id for row in answer if row.case_id}
    record_read("worklist", Case, "", shown=sorted({str(row.case_id or row.about_id) for row in answer}), cases=cases)
    last = rows[-1] if rows else None
    return Worklist(answer, (last.rank, last.sorted_at, last.row) if more and last else None)


def worklist_counts(marks: list[datetime]) -> list[int]:
    """Count what waits up to each moment, at most MOST_COUNTED + 1, in one statement; what has no term waits now."""
    now = acting().moment
    counts = [0] * len(marks)
    for row in waiting(Asked(most=MOST_COUNTED + 1, is_count=True)):
        due_at = Found(*row).until or now
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
    act = acting()
    rows = within_own(open_terms().filter(clock__in=FOLLOW_UP_CLOCKS, track_id__isnull=False))
    if after:
        _, moment, last = after
        rows = rows.filter(due_at__gte=moment).filter(Q(due_at__gt=moment) | Q(pk__gt=last))
    called = Ruling.objects.filter(content_object_id=OuterRef("case_id"), group_id=act.actor.agency_id or 0)
    track = Track.objects.filter(pk=OuterRef("track_id")).values(said=JSONObject(id="id", kind="kind", state="state"))
    described_rows: QuerySet[Any] = rows.annotate(
        called=Subquery(called.order_by("-starts_at").values("reference")[:1]), track=Subquery(track[:1])
    )
    found = list(described_rows.exclude(track=None).exclude(called=None).order_by("due_at", "pk")[: PAGE + 1])
    answer = [
        FollowUp(
            {"id": row.pk, "clock": row.clock, "due_at": row.due_at, "overdue_at": row.overdue_at, "track_id": row.track_id},
            row.case_id,
            row.called,
            row.track,
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
    planned_on: Any


def _ruled_rows() -> QuerySet[Any]:
    """Start from the ruling: the agency's rows for roles that see all of it, one's own namings for the others.

    Only what runs now, to the instant; the keeper ends every naming with the part that its agency takes.
    """
    act = acting()
    running = Q(ends_at=None) | Q(ends_at__gt=act.moment)
    if sees_agency():
        return Ruling.objects.filter(running, group_id=act.actor.agency_id or 0, starts_at__lte=act.moment)
    mine = {"user_id": act.actor.person_id, "agency_id": act.actor.agency_id}
    return Naming.objects.filter(running, starts_at__lte=act.moment, **mine)


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
    query = _ruled_rows().filter(there_is(planned), is_open=True)
    if after:
        _, moment, last = after
        query = query.filter(next_due_at__gte=moment).filter(Q(next_due_at__gt=moment) | Q(content_object_id__gt=last))
    if references is not None:
        query = query.filter(reference__in=references)
    query = query.annotate(
        waiting=rows_of(planned, "id", "version"),
        places=rows_of(places[:1], "postcode", "town"),
        visits=rows_of(visits[:1], "planned_on"),
    ).order_by("next_due_at", "content_object_id")
    found: list[Any] = list(query if is_whole else query[: PLANNED + 1])
    rows, more = (found, False) if is_whole else (found[:PLANNED], len(found) > PLANNED)
    answer = [_plannable(row, track) for row in rows for track in row.waiting]
    cases = {row.content_object_id for row in rows}
    record_read("visit_plan", Visit, "", shown=[str(row.track_id) for row in answer], cases=cases)
    return answer, (LATER, rows[-1].next_due_at, rows[-1].content_object_id) if more else None


def _plannable(row: Any, track: dict[str, Any]) -> PlannableVisit:
    return PlannableVisit(
        track_id=UUID(track["id"]),
        version=track["version"],
        reference=row.reference,
        place=" ".join(row.places[0].values()) if row.places else "",
        planned_on=revived(row.visits)[0]["planned_on"] if row.visits else None,
    )
