"""Days as people type them, read by what the day means: 27-3, 27032026, 27 mrt. 1984, maart 1984, gisteren, +5w."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from casework.input.marks import without_marks
from casework.input.unfit import Unfit
from workflows.calendars import add_working_days


class Meaning(StrEnum):
    """What a date says: when somebody was born, what happened, what is planned, or until when something holds."""

    BIRTH = "birth"
    HAPPENED = "happened"
    PLANNED = "planned"
    UNTIL = "until"


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class PartDate(date):
    """A date whose day, or month too, is not known: it has the value of the last day that it can be.

    So whoever was born "in 1984" is taken for the youngest person that they can be (docs/decisions/0014).
    """

    precision: Precision = Precision.DAY


Today = date | None
"""The day on which something is typed; none in a story, which is told at another time than it is written."""
PAST = frozenset({Meaning.BIRTH, Meaning.HAPPENED})
_SPOKEN = "vandaag:0 today:0 gisteren:-1 yesterday:-1 eergisteren:-2 morgen:1 tomorrow:1 overmorgen:2"
SPOKEN = {word: int(days) for word, days in (one.split(":") for one in _SPOKEN.split())}
MOST_WORKING_DAYS = 260
EARLIEST = date(1900, 1, 1)
OLDEST_YEARS = 130
MOST_YEARS_AHEAD = 50
LONGEST = 40
JUST_PASSED = timedelta(days=31)
"""A planned day without a year may lie so far back; otherwise the next one is meant."""
SOON = timedelta(days=31)
"""A day of no year that comes so soon is not taken for that of a year ago, where something happened: nobody knows."""
LAST_OF_MONTH, MONTHS_OF_YEAR = 31, 12
_MONTHS = """
    januari january jan|februari february feb|maart march mrt mar|april apr|mei may|juni june jun|juli july jul
    |augustus august aug|september sept sep|oktober october okt oct|november nov|december dec
"""
MONTHS = {name: number for number, names in enumerate(_MONTHS.split("|"), 1) for name in names.split()}
_ROMANS = "i ii iii iv v vi vii viii ix x xi xii"
ROMAN = {name: number for number, name in enumerate(_ROMANS.split(), 1)}
"""Months as older registers and doctors write them: 27-III-1984."""
_WEEKDAYS = """
    monday mon maandag ma|tuesday tues tue dinsdag di|wednesday wed woensdag wo|thursday thurs thu donderdag do
    |friday fri vrijdag vr|saturday sat zaterdag za|sunday sun zondag zo
"""
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAYS.split("|")) for name in names.split()}
WEEKDAY_NAMES = tuple(names.split()[0] for names in _WEEKDAYS.split("|"))
"""The days of the week as code calls them, from Monday."""
_WEEKDAY = re.compile(rf"({'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})\.?,? (?=.)", re.ASCII)
_BORN = re.compile(r"(?:(?:geboren|geboortedatum|geb|dob)(?: op| in)?[.:]?|(?:born|b)(?:[.:]| on| in)) ?(?=.)", re.ASCII)
"""What somebody writes before a birth date, as papers have it; Born alone is a name."""
_ABOUT = re.compile(
    r"(?:(?:circa|ca|omstreeks|omstr|rond|ongeveer|naar schatting|geschat|vermoedelijk|about|around|estimated|approx)[.:]?"
    r"|c\.|ong\.|[~\u2248\u00b1]|\+/-) ?(?=.)",
    re.ASCII,
)
_ESTIMATED = re.compile(
    r"(?<=[0-9a-z.]),? ?(?:\((?:geschat|schatting|circa|ca\.?|ongeveer|estimated|about|\?)\)|geschat|estimated|\?)", re.ASCII
)
"""What stands before or behind a date that is not known for certain."""
_UNKNOWN = re.compile(r"(?<![^\W_])(?:\?{1,2}|x{1,2}|__?)(?![^-/. ])", re.ASCII)
"""A day or month that somebody left open where it is not known: ??-??-1984, xx-03-1984."""
_BETWEEN = r" ?[-/. ] ?"
_YEAR = r"('?\d{2}|\d{4})"
_MONTH = rf"({'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_JOINED_LENGTHS = {6, 8}

_YEAR_FIRST = re.compile(rf"(\d{{4}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}})", re.ASCII)
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}{_YEAR}", re.ASCII)
_IN_WORDS = re.compile(
    rf"(\d{{1,2}})(?:e|de|ste|st|nd|rd|th)?(?:{_BETWEEN}(?:of )?)?{_MONTH}(?:(?:,?{_BETWEEN})?{_YEAR})?", re.ASCII
)
_MONTH_FIRST = re.compile(rf"{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?", re.ASCII)
_ROMAN = re.compile(rf"(\d{{1,2}}){_BETWEEN}([ivx]{{1,4}}){_BETWEEN}{_YEAR}", re.ASCII)
_NO_YEAR = re.compile(rf"(\d{{1,2}}){_BETWEEN}(\d{{1,2}})", re.ASCII)
_MONTH_AND_YEAR = re.compile(rf"(?:{_MONTH}|(\d{{1,2}})){_BETWEEN}('\d{{2}}|\d{{4}})", re.ASCII)
_YEAR_AND_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})", re.ASCII)
_YEAR_ALONE = re.compile(r"(\d{4})", re.ASCII)
_SHORT_YEAR_ALONE = re.compile(r"('\d{2})", re.ASCII)
_JOINED = re.compile(r"\d+", re.ASCII)
_LATER = re.compile(r"\+ ?(\d{1,3}) ?w", re.ASCII)


def read_day(typed: str, today: Today, means: Meaning = Meaning.PLANNED, *, partly: bool = False) -> date:
    """Return the day that was typed, as what it means; `partly` takes a month or a year alone, as a PartDate.

    Without a today only a day that says by itself which one it is will do, and any that there is.

    A day of the week beside it must be that of the day. What is said to be estimated is known to its year.

    Raises ValueError where it is no day, else Unfit with one word of why: no_such_day, needs_a_year, needs_a_day,
    in_future, too_long_ago, too_far, too_long, or other_weekday with the one that it is.
    """
    text, said = _without_weekday(_plain(typed, means))
    found = _on(said, _of_certainty(text, today, means))
    if isinstance(found, PartDate) and not partly:
        raise Unfit("needs_a_day")
    return within_bounds(found, today, means) if today else found


def within_bounds(found: date, today: date, means: Meaning) -> date:
    """Return the day, or raise Unfit where it cannot be what it means: nothing that happened lies in the future."""
    if means in PAST and isinstance(found, PartDate) and today.isoformat().startswith(written(found)):
        found = part_date(min(found, today), found.precision)  # a month or year that is not over
    if means in PAST and found > today:
        raise Unfit("in_future")
    if found < EARLIEST or (means is Meaning.BIRTH and found.year < today.year - OLDEST_YEARS):
        raise Unfit("too_long_ago")
    if found.year > today.year + MOST_YEARS_AHEAD:
        raise Unfit("too_far")
    return found


def part_date(last: date, precision: Precision) -> PartDate:
    """Return a partly known date on this last day that it can be."""
    found = PartDate(last.year, last.month, last.day)
    found.precision = precision
    return found


def precision_of(day: date | None) -> Precision:
    """Return how much of a date is known; a plain date is known to the day."""
    return day.precision if isinstance(day, PartDate) else Precision.DAY


def with_precision(day: date | None, precision: str) -> date | None:
    """Return a stored date with its stored precision."""
    return day if day is None or precision == Precision.DAY else part_date(day, Precision(precision))


def written(day: date) -> str:
    """Write a date as far as it is known, year first: 1984, 1984-03 or 1984-03-27."""
    return day.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[precision_of(day)]]


def earliest(day: date) -> date:
    """Return the first day that a date can be, however much of it is known."""
    return {Precision.YEAR: day.replace(month=1, day=1), Precision.MONTH: day.replace(day=1)}.get(precision_of(day), day)


def age_on(born: date, day: date) -> int:
    """Return the age in whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def known_age(born: date | None, estimated: int | None, day: date) -> int | None:
    """Return how old somebody is for all that is known: by birth date, else as it was estimated."""
    return age_on(born, day) if born else estimated


def from_written(text: str) -> date:
    """Read a date as `written` writes it."""
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    if not month:
        return part_date(_whole(year, 12, 31), Precision.YEAR)
    return _whole(year, month, day) if day else _month(year, month)


def refuse_longer(text: str, most: int) -> None:
    """Raise Unfit where a text is longer than it may be, with how much: nothing that was typed is cut."""
    if len(text) > most:
        raise Unfit("too_long", most, len(text) - most)


def _plain(typed: str, means: Meaning) -> str:
    refuse_longer(typed, LONGEST)
    text = " ".join(without_marks(typed).casefold().split()).rstrip(" .,")
    return _BORN.sub("", text, count=1) if means is Meaning.BIRTH and _BORN.match(text) else text


def _without_weekday(text: str) -> tuple[str, int | None]:
    """Return the text without the day of the week that it begins with, and which that is."""
    found = _WEEKDAY.match(text)
    return (text[found.end() :], WEEKDAYS[found[1]]) if found else (text, None)


def _on(said: int | None, found: date) -> date:
    """Return the day where it is on this day of the week; raise where it is on another, or is no day."""
    if said is None:
        return found
    if precision_of(found) is not Precision.DAY:
        raise ValueError("not_a_day")
    if found.weekday() != said:
        raise Unfit("other_weekday", WEEKDAY_NAMES[found.weekday()])
    return found


def _of_certainty(text: str, today: Today, means: Meaning) -> date:
    """Return the day that is written, or its year alone where it is said to be estimated; only a birth is, to the day."""
    before, behind = _ABOUT.match(text), _ESTIMATED.search(text)
    plain = text[before.end() if before else 0 : behind.start() if behind and behind.end() == len(text) else len(text)]
    if plain == text:
        return _read(text, today, means)
    found = _read(plain, today, means)
    if precision_of(found) is not Precision.YEAR and means is not Meaning.BIRTH:
        raise ValueError("not_a_day")
    return part_date(_whole(found.year, MONTHS_OF_YEAR, LAST_OF_MONTH), Precision.YEAR)


def _read(text: str, today: Today, means: Meaning) -> date:
    if text in SPOKEN:
        return _known(today) + timedelta(days=SPOKEN[text])
    if (later := _LATER.fullmatch(text)) and int(later[1]) <= MOST_WORKING_DAYS:
        return add_working_days(_known(today), int(later[1]))
    for figures in dict.fromkeys((text, _UNKNOWN.sub("00", text))):  # an x may be a Roman month
        for pattern, read in _READERS:
            if found := pattern.fullmatch(figures):
                return read(found, today, means)
    raise ValueError("not_a_day")


def _known(today: Today) -> date:
    """Return today; raise where what was typed depends on today and no today was given."""
    if today is None:
        raise Unfit("needs_a_year")
    return today


def _year_first(found: re.Match[str], _: Today, __: Meaning) -> date:
    return _registered(int(found[1]), int(found[2]), int(found[3]))


def _registered(year: int, month: int, day: int) -> date:
    """Return a day with its whole year; zeros stand for what is not known, as registers write it."""
    if day:
        return _whole(year, month, day)
    return _month(year, month) if month else part_date(_whole(year, 12, 31), Precision.YEAR)


def _roman(found: re.Match[str], today: Today, means: Meaning) -> date:
    if found[2] not in ROMAN:
        raise ValueError("not_a_day")
    return _with_year(int(found[1]), ROMAN[found[2]], found[3], today, means)


def _day_first(found: re.Match[str], today: Today, means: Meaning) -> date:
    day, month = int(found[1]), int(found[2])
    if len(found[3]) == 4:  # noqa: PLR2004 - a whole year
        return _registered(int(found[3]), month, day)
    return _with_short_year(day, month, found[3], today, means)


def _in_words(found: re.Match[str], today: Today, means: Meaning) -> date:
    day, month = int(found[1]), MONTHS[found[2]]
    return _with_year(day, month, found[3], today, means) if found[3] else _guessed(day, month, today, means)


def _month_first(found: re.Match[str], today: Today, means: Meaning) -> date:
    day, month = int(found[2]), MONTHS[found[1]]
    if day > LAST_OF_MONTH:  # mrt 84
        return _month(_short_year(found[2], 1, month, today, means), month)
    return _with_year(day, month, found[3], today, means) if found[3] else _guessed(day, month, today, means)


def _no_year(found: re.Match[str], today: Today, means: Meaning) -> date:
    if int(found[2]) > LAST_OF_MONTH and int(found[1]) <= MONTHS_OF_YEAR:  # 3/84
        return _month(_short_year(found[2], 1, int(found[1]), today, means), int(found[1]))
    return _guessed(int(found[1]), int(found[2]), today, means)


def _month_and_year(found: re.Match[str], today: Today, means: Meaning) -> date:
    month = MONTHS[found[1]] if found[1] else int(found[2])
    short = found[3].startswith("'")
    return _month(_short_year(found[3], 1, month, today, means) if short else int(found[3]), month)


def _year_and_month(found: re.Match[str], _: Today, __: Meaning) -> date:
    return _month(int(found[1]), int(found[2]))


def _year_alone(found: re.Match[str], today: Today, means: Meaning) -> date:
    """Read a year; figures that cannot be one, as 2703, are a day and a month."""
    day, month = divmod(int(found[1]), 100)
    is_year = today is None or EARLIEST.year <= int(found[1]) <= today.year + MOST_YEARS_AHEAD
    if not is_year and 1 <= month <= MONTHS_OF_YEAR and 1 <= day <= LAST_OF_MONTH:
        return _guessed(day, month, today, means)
    return _registered(int(found[1]), 0, 0)


def _short_year_alone(found: re.Match[str], today: Today, means: Meaning) -> date:
    return _with_short_year(0, 0, found[1], today, means)


def _with_short_year(day: int, month: int, year: str, today: Today, means: Meaning) -> date:
    """Return a day with a year of two digits; zeros stand for what is not known."""
    if day:
        return _with_year(day, month, year, today, means)
    return _registered(_short_year(year, 1, month or 1, today, means), month, day)


def _joined(found: re.Match[str], today: Today, means: Meaning) -> date:
    """Read digits without anything between them: day first, and year first where that is no day."""
    text = found[0]
    if len(text) not in _JOINED_LENGTHS:
        raise ValueError("not_a_day")
    if len(text) != 8:  # noqa: PLR2004 - a whole year
        return _with_short_year(int(text[:2]), int(text[2:4]), text[4:], today, means)
    number = int(text)
    year_first = number // 10_000, number // 100 % 100, number % 100
    day_first = int(text[4:]), int(text[2:4]), int(text[:2])
    if day_first[0] < EARLIEST.year <= year_first[0]:  # 20120327 is no day of the year 327
        return _registered(*year_first)
    try:
        return _registered(*day_first)
    except ValueError:
        return _registered(*year_first)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Today, Meaning], date]], ...] = (
    (_YEAR_FIRST, _year_first),
    (_DAY_FIRST, _day_first),
    (_ROMAN, _roman),
    (_IN_WORDS, _in_words),
    (_MONTH_FIRST, _month_first),
    (_NO_YEAR, _no_year),
    (_MONTH_AND_YEAR, _month_and_year),
    (_YEAR_AND_MONTH, _year_and_month),
    (_YEAR_ALONE, _year_alone),
    (_SHORT_YEAR_ALONE, _short_year_alone),
    (_JOINED, _joined),
)
"""Each way of writing with what reads it; the first that fits."""


def _whole(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unfit("no_such_day") from None


def _month(year: int, month: int) -> PartDate:
    following = _whole(year, month, 1).replace(day=28) + timedelta(days=4)
    return part_date(following - timedelta(days=following.day), Precision.MONTH)


def _with_year(day: int, month: int, year: str, today: Today, means: Meaning) -> date:
    if len(year) == 4:  # noqa: PLR2004 - a whole year
        return _whole(int(year), month, day)
    return _whole(_short_year(year, day, month, today, means), month, day)


def _short_year(year: str, day: int, month: int, today: Today, means: Meaning) -> int:
    """Return the year of two digits: of a birth the last that has been, else the nearest.

    A birth that would come within a year is asked for in full: it may be a slip of the day, or a century ago.
    """
    today = _known(today)
    century = today.year - today.year % 100
    years = [century + offset + int(year.removeprefix("'")) for offset in (-100, 0, 100)]
    if means is Meaning.BIRTH:
        first, last = ((year, today.month, today.day) for year in (today.year, today.year + 1))
        if any(first < (one, month, day) <= last for one in years):
            raise Unfit("needs_a_year")
        return max(one for one in years if (one, month, day) <= (today.year, today.month, today.day))
    return min(years, key=lambda one: abs(one - today.year))


def _guessed(day: int, month: int, today: Today, means: Meaning) -> date:
    """Return the day of no year as it is meant: the last that has been, the next that comes.

    A birth is never guessed, nor what happened on a day that comes soon: it may be a plan.
    """
    if means is Meaning.BIRTH:
        raise Unfit("needs_a_year")
    today, found = _known(today), []
    for year in range(today.year - 8, today.year + 9):  # every leap day has one of its own in eight years
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if not found:
        raise Unfit("no_such_day")
    if means is Meaning.HAPPENED:
        if any(today < one <= today + SOON for one in found):
            raise Unfit("needs_a_year")
        return max(one for one in found if one <= today)
    return min(one for one in found if one >= today - JUST_PASSED)
