"""How a term comes to its day, told step by step: from when it is counted, which days do not count, and what moved it.

Pure, as the calendars are; what it tells is what `due`, `moments` and `resumed` answer, in the order in which they do.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from permissions.vocabulary import Action
from workflows.calendars import Calendar, day_of, due, local_midnight_after, plain_end, resumed, why_free
from workflows.clocks import ACUTE_CLOCKS, ACUTE_TERM, Clock
from workflows.schedules import OWN_DAYS, moments, numbers_of

MOVES = (Action.EXTEND_DEADLINE, Action.PAUSE_DEADLINE)
"""What moves a term; each is stored as a fact of its name."""
LITTLE = timedelta(microseconds=1)
TOO_FEW = "too_few_working_days"
"""Why a working day does not end a term of the law: it would hold fewer than two (Algemene termijnenwet art. 2)."""


@dataclass(frozen=True, slots=True)
class Move:
    """An extension or a pause of a term: when it was recorded, and until which day."""

    moment: datetime
    until: date
    is_pause: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How a term was counted: so many units of a calendar, the days that did not count, and when it has passed (UTC).

    `number` is 0 where the day itself was chosen.
    """

    number: int
    unit: str
    calendar: Calendar
    skipped: tuple[tuple[date, str], ...]
    due_at: datetime

    @property
    def last(self) -> date:
        """Return the last day of the term."""
        return last_day(self.due_at)


def last_day(due_at: datetime) -> date:
    """Return the last day of a term that has passed at this moment, in Europe/Amsterdam."""
    return day_of(due_at - LITTLE)


def counted(  # noqa: PLR0913 - what a term is counted from
    clock: Clock,
    start: datetime,
    extra: Collection[date] = (),
    *,
    is_acute: bool = False,
    place: int = 0,
    stored: Sequence[tuple[str, date]] = (),
) -> Counted | None:
    """Return how a term of this clock that starts now is counted.

    `place` is which of the moments of a schedule it is, `stored` what was chosen of that schedule. None where the schedule
    has no such moment.
    """
    if is_acute and clock.code in ACUTE_CLOCKS:
        return _of(start, *ACUTE_TERM, extra)
    all_due = moments(clock, stored, start, extra)
    if place >= len(all_due):
        return None
    if any(code == OWN_DAYS for code, _ in stored):
        return Counted(0, clock.unit, clock.calendar, (), all_due[place])
    return _of(start, numbers_of(clock, stored)[place], clock.unit, clock.calendar, extra)


def _of(start: datetime, number: int, unit: str, calendar: Calendar, extra: Collection[date]) -> Counted:
    due_at = due(start, number, unit, calendar, extra)
    return Counted(number, unit, calendar, tuple(_skipped(start, number, unit, calendar, extra)), due_at)


def _skipped(
    start: datetime, number: int, unit: str, calendar: Calendar, extra: Collection[date]
) -> Iterator[tuple[date, str]]:
    """Tell each day that did not count, or did not end the term, and why."""
    first, last = day_of(start) + timedelta(days=1), last_day(due(start, number, unit, calendar, extra))
    if calendar is Calendar.WORKING_DAYS_NL:
        yield from ((day, why) for day in _days(first, last) if (why := why_free(day, extra)))
    if calendar is Calendar.TERMIJNENWET:
        ends = plain_end(day_of(start), number, unit)
        yield from ((day, why_free(day, extra) or TOO_FEW) for day in _days(ends, last - timedelta(days=1)))


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def paused(
    due_at: datetime, move: Move, until_before: datetime | None, calendar: Calendar, extra: Collection[date]
) -> datetime:
    """Return when a term has passed after a pause; `until_before` is until when it stood still already."""
    stands_still = max(move.moment, until_before or move.moment)
    today = day_of(stands_still if stands_still == move.moment else stands_still - LITTLE)
    return local_midnight_after(resumed(last_day(due_at), today, move.until, calendar, extra))


def moved(due_at: datetime, moves: Iterable[Move], calendar: Calendar, extra: Collection[date]) -> datetime:
    """Return when a term has passed after these moves, the earliest first."""
    until: datetime | None = None
    for move in moves:
        if move.is_pause:
            due_at, until = paused(due_at, move, until, calendar, extra), local_midnight_after(move.until)
        else:
            due_at = local_midnight_after(move.until)
    return due_at
