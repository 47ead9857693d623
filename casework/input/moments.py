"""Moments and months as people type them: a day as dates.py reads it, and an hour of it in Europe/Amsterdam."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from casework.input.dates import LONGEST, Meaning, Precision, precision_of, read_day, refuse_longer
from casework.input.marks import without_marks
from casework.input.unfit import Unfit
from workflows.calendars import AMSTERDAM, day_of

NOW = frozenset({"now", "nu"})
THIS, LAST = (
    frozenset({"this", "deze", "this month", "deze maand"}),
    frozenset({"last", "vorige", "last month", "vorige maand"}),
)
_TIMED = re.compile(
    r"(.+?)(?:t| om | at |,? )(\d{1,2})(?:[:.u](\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?uur| ?u| ?h)?|(?: ?uur| ?u| ?h))"
    r"(?: ?(z|[+-]\d{2}:?\d{2}))?",
    re.ASCII,
)


def read_moment(typed: str, now: datetime | None, *, otherwise: time | None = None) -> datetime:
    """Return the moment that was typed, in Europe/Amsterdam where no offset is written; it is not later than now.

    A day alone is that day at `otherwise`. Without a now, only a moment that says by itself which one it is will do.
    Raises ValueError where it is none, else Unfit with one word of why: needs_a_time, no_such_time, no_such_moment, or
    what no day is.
    """
    refuse_longer(typed, LONGEST)
    text = " ".join(without_marks(typed).casefold().split())
    if text in NOW and now:
        return now
    today = day_of(now) if now else None
    found = _TIMED.fullmatch(text)
    day = read_day(found[1] if found else text, today, Meaning.HAPPENED)
    if found is None and otherwise is None:
        raise Unfit("needs_a_time")
    at = _time(found) if found else otherwise
    moment = _placed(datetime.combine(day, at or time()), (found[5] or "") if found else "")
    if now and moment > now:
        raise Unfit("in_future")
    return moment


def read_month(typed: str, today: date) -> date:
    """Return the first day of the month that was typed: this, last, 2026-03 or March 2026; it has begun."""
    text = " ".join(without_marks(typed).casefold().split())
    first = today.replace(day=1)
    if text in THIS:
        return first
    if text in LAST:
        return (first - timedelta(days=1)).replace(day=1)
    found = read_day(typed, today, Meaning.HAPPENED, partly=True)
    if precision_of(found) is not Precision.MONTH:
        raise ValueError("not_a_month")
    return date(found.year, found.month, 1)


def _time(found: re.Match[str]) -> time:
    try:
        return time(int(found[2]), int(found[3] or 0), int(found[4] or 0))
    except ValueError:
        raise Unfit("no_such_time") from None


def _placed(moment: datetime, offset: str) -> datetime:
    """Return the moment at its offset, or in Europe/Amsterdam, where the clock may go forward over it."""
    if offset:
        return moment.replace(tzinfo=_zone(offset))
    local = moment.replace(tzinfo=AMSTERDAM)
    if local.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None) != moment:
        raise Unfit("no_such_moment")
    return local


def _zone(offset: str) -> tzinfo:
    """Read how far a clock is from that of Greenwich: z, +01:00 or +0100."""
    if offset == "z":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    span = timedelta(hours=hours, minutes=minutes)
    try:
        return timezone(-span if offset[0] == "-" else span)
    except ValueError:
        raise Unfit("no_such_time") from None
