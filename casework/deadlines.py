"""Terms of tracks: what a state or a stored fact starts and stops (docs/law.md section 3)."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from casework import grants
from casework.models import Deadline, Handoff, Track
from permissions.acting import acting
from workflows.calendars import Calendar, due, local_midnight_after
from workflows.clocks import ACUTE_CLOCKS, CLOCKS, RULE_VERSION, Clock, started_by, stopped_by
from workflows.fitting import meets_review

REVIEWS = frozenset({"FOLLOW_UP", "HELP_REVIEW", "MONITORING"})
"""Clocks with several moments: each recorded review meets the earliest that is open."""

HANDOFF_ENDS = {
    "HANDOFF_CHECK": "sender",
    "HANDOFF_SEND": "sender",
    "HANDOFF_DELIVER": "sender",
    "HANDOFF_ACK": "receiver",
    "HANDOFF_ANSWER": "receiver",
    "HANDOFF_START": "receiver",
    "HANDOFF_EXPIRY": "sender",
}
"""Whose turn it is while a clock of a handoff runs."""


def keep_track_clocks(
    track: Track,
    running: Collection[str],
    decreed: Collection[date],
    *,
    entered: str = "",
    stored: Collection[str] = (),
) -> None:
    """Stop the clocks that this state or these facts stop, then start those that the state or facts start."""
    words = [word for word in (entered, *stored) if word]
    stops = {code for word in words for code in stopped_by(track.kind, word)} & set(running)
    if stops:
        moment = acting().moment
        Deadline.objects.filter(track_id=track.pk, clock__in=stops, met_at=None).update(met_at=moment)
    starts = [clock for word in words for clock in started_by(track.kind, word)]
    fresh = [clock for clock in starts if clock.code not in running or clock.code in stops]
    rows = [row for clock in fresh for row in _deadlines(track, clock, decreed)]
    if rows:
        Deadline.objects.bulk_create(rows)


def _deadlines(track: Track, clock: Clock, decreed: Collection[date]) -> list[Deadline]:
    act = acting()
    return [
        Deadline(
            id=act.made_id("deadline", track.pk, clock.code, place),
            case_id=track.case_id,
            agency_id=track.agency_id,
            track_id=track.pk,
            clock=clock.code,
            moment=place,
            rule_version=RULE_VERSION,
            started_at=act.moment,
            due_at=due(act.moment, amount, clock.unit, clock.calendar, decreed),
        )
        for place, amount in enumerate(clock.numbers)
    ]


def meet_review(track: Track, held_on: date) -> None:
    """Meet the earliest open review moment of this track, unless the review was held long before it."""
    rows = list(Deadline.objects.filter(track_id=track.pk, clock__in=REVIEWS).order_by("started_at", "due_at"))
    held = local_midnight_after(held_on)
    for before, row in zip((None, *rows), rows, strict=False):
        if row.met_at is not None:
            continue
        start = before.due_at if before and before.started_at == row.started_at else row.started_at
        if meets_review(start, row.due_at, held):
            Deadline.objects.filter(pk=row.pk).update(met_at=acting().moment)
        return


def keep_handoff_clocks(handoff: Handoff, state: str, decreed: Collection[date], *, names: int | None = None) -> None:
    """Stop and start the clocks of a handoff as it enters a state; an acute one is counted in hours.

    `names` is a person to name on the case in the same statement. The keeper stops only what runs and starts only
    what does not: neither end sees the other's terms.
    """
    moment = acting().moment
    stops = stopped_by("handoff", state)
    started = [
        (clock.code, HANDOFF_ENDS[clock.code], _due_of(clock, handoff, moment, decreed))
        for clock in started_by("handoff", state)
    ]
    grants.keep_handoff_clocks(handoff, sorted(stops), started, RULE_VERSION, names=names)


def _due_of(clock: Clock, handoff: Handoff, moment: datetime, decreed: Collection[date]) -> datetime:
    if handoff.is_acute and clock.code in ACUTE_CLOCKS:
        return due(moment, 1, "hours", Calendar.ELAPSED_HOURS)
    return due(moment, clock.numbers[0], clock.unit, clock.calendar, decreed)


def expiry_of(moment: datetime, decreed: Collection[date]) -> datetime:
    """Return when a handoff delivered now expires."""
    clock = CLOCKS["HANDOFF_EXPIRY"]
    return due(moment, clock.numbers[0], clock.unit, clock.calendar, decreed)


def informing_deadline(case_id: UUID, agency_id: int, track_id: UUID, decreed: Collection[date]) -> Deadline:
    """Return the term in which people hear that data about them came from someone else (Wmo 5.3.1)."""
    act = acting()
    clock = CLOCKS["INFORM_SUBJECT"]
    return Deadline(
        id=act.made_id("deadline", track_id, clock.code),
        case_id=case_id,
        agency_id=agency_id,
        track_id=track_id,
        clock=clock.code,
        rule_version=RULE_VERSION,
        started_at=act.moment,
        due_at=due(act.moment, clock.numbers[0], clock.unit, clock.calendar, decreed),
    )
