"""Terms become moments: the four calendars, computed in Europe/Amsterdam and answered in UTC.

Sources: Algemene termijnenwet art. 1-3 (weekends and recognised holidays); docs/law.md section 3.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LONGEST_LAW_TERM = {"days": 90, "weeks": 12, "months": 3}
"""Algemene termijnenwet art. 4: it does not lengthen terms longer than these."""
SHORTEST_GUARDED_DAYS = 3
GUARDED_WORKING_DAYS = 2
SUNDAY = 6
SATURDAY = 5


PAUSE_RULE = (
    "A pause moves the end of a term by as many calendar days as it lasts and then, except in calendar `CALENDAR`, on to the"
    " next working day: three days over a weekend can so move it by five."
)
"""The rule of `resumed` in words: law, handbook and page say this sentence."""


class Calendar(StrEnum):
    """How a term is counted."""

    WORKING_DAYS_NL = "WORKING_DAYS_NL"
    TERMIJNENWET = "TERMIJNENWET"
    CALENDAR = "CALENDAR"
    ELAPSED_HOURS = "ELAPSED_HOURS"


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> Mapping[date, str]:
    """Return the recognised holidays of a year by their days, 5 May every year (Algemene termijnenwet art. 3)."""
    sunday = easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == SUNDAY:
        kings_day = date(year, 4, 26)
    days = {
        date(year, 1, 1): "new_years_day",
        sunday - timedelta(days=2): "good_friday",
        sunday + timedelta(days=1): "easter_monday",
        kings_day: "kings_day",
        date(year, 5, 5): "liberation_day",
        sunday + timedelta(days=39): "ascension_day",
        sunday + timedelta(days=50): "whit_monday",
        date(year, 12, 25): "christmas_day",
        date(year, 12, 26): "second_christmas_day",
    }
    return MappingProxyType(days)


def why_free(day: date, extra: Collection[date] = ()) -> str:
    """Return why nobody counts this day as a working day: weekend, a holiday by its name, decreed; empty for a working day."""
    if day.weekday() >= SATURDAY:
        return "weekend"
    return holidays(day.year).get(day) or ("decreed_day" if day in extra else "")


def is_working_day(day: date, extra: Collection[date] = ()) -> bool:
    """Whether the day is none of Saturday, Sunday, recognised holiday or day added by decree (`extra`)."""
    return not why_free(day, extra)


def local_midnight_after(day: date) -> datetime:
    """Return the end of a day: the next local midnight, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), AMSTERDAM).astimezone(UTC)


def day_of(moment: datetime) -> date:
    """Return the day on which a moment lies here, in Europe/Amsterdam: every "today" of the records comes from here."""
    return moment.astimezone(AMSTERDAM).date()


def local_span(first: date, last: date) -> tuple[datetime, datetime]:
    """Return when a day begins and when another, or the same, has ended, in UTC."""
    return local_midnight_after(first - timedelta(days=1)), local_midnight_after(last)


def belongs_before(day: date) -> datetime:
    """Return the first moment that no longer belongs to a day: a term until a day ends at its midnight, and is of that day."""
    return local_midnight_after(day) + timedelta(microseconds=1)


def ends_of_day_and_week(now: datetime) -> tuple[datetime, datetime]:
    """Return what lies behind today and behind the seven days after it, by the local calendar, whatever the clock does."""
    today = day_of(now)
    return belongs_before(today), belongs_before(today + timedelta(days=7))


def resumed(last: date, paused_on: date, until: date, calendar: Calendar, extra: Collection[date] = ()) -> date:
    """Return the last day of a term that stands still from one day until another.

    It moves by the calendar days that it stands still and then, unless it runs through free days (CALENDAR), on to the
    next day on which people work: a pause of three days can so move a term by five (docs/law.md section 3).
    """
    end = until + max(last - paused_on, timedelta())
    while calendar is not Calendar.CALENDAR and not is_working_day(end, extra):
        end += timedelta(days=1)
    return end


def add_working_days(day: date, number: int, extra: Collection[date] = ()) -> date:
    """Count working days; the first is the first working day after `day`."""
    while number > 0:
        day += timedelta(days=1)
        if is_working_day(day, extra):
            number -= 1
    return day


def add_months(day: date, number: int) -> date:
    """Return the same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def plain_end(day: date, number: int, unit: str) -> date:
    """Return the last day of a term of days, weeks or months, whether anybody works on it or not."""
    if unit == "months":
        return add_months(day, number)
    return day + timedelta(days=number * (7 if unit == "weeks" else 1))


def due(start: datetime, number: int, unit: str, calendar: Calendar, extra: Collection[date] = ()) -> datetime:
    """Return the moment at which a term that starts now has passed, in UTC; day one is the day after the start."""
    if calendar is Calendar.ELAPSED_HOURS:
        return start + (timedelta(minutes=number) if unit == "minutes" else timedelta(hours=number))
    day = day_of(start)
    if calendar is Calendar.WORKING_DAYS_NL:
        return local_midnight_after(add_working_days(day, number, extra))
    last = plain_end(day, number, unit)
    if calendar is Calendar.TERMIJNENWET and number <= LONGEST_LAW_TERM[unit]:
        last = _lengthened(day, last, extra)
    return local_midnight_after(last)


def _lengthened(day: date, last: date, extra: Collection[date]) -> date:
    """Lengthen a term that ends on a free day, or holds too few working days (art. 1 and 2)."""
    while not is_working_day(last, extra):
        last += timedelta(days=1)
    length = (last - day).days
    if length >= SHORTEST_GUARDED_DAYS:
        while sum(is_working_day(day + timedelta(days=n), extra) for n in range(1, (last - day).days + 1)) < (
            GUARDED_WORKING_DAYS
        ):
            last += timedelta(days=1)
    return last
