"""Turns what somebody typed into values of parts, or raises Malformed with a code that says what is wrong."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from casework.input.dates import Precision, age_on, earliest, precision_of, read_day, refuse_longer, within_bounds
from casework.input.marks import without_invisible, without_marks
from casework.input.parts import ONE, columns_of, parts_for
from casework.input.person_names import REFERENCE
from casework.input.schema import Column, Kind
from casework.input.screening import Screened, screen, screen_together
from casework.input.unfit import Unfit
from permissions.acting import expected_moment
from permissions.vocabulary import Action
from workflows.calendars import day_of

LONGEST_NUMBER = 20
LARGEST_KEY = 2**31 - 1
LONGEST_ID = 60
MOST_ITEMS = 200
LONGEST_ITEM = 80
HANDOFF_NUMBER = re.compile(r"(\d{4})-?(\d{3})", re.ASCII)
"""The number of a handoff as people say or write it."""
Read = TypeVar("Read")
Values = dict[str, Any]
Inputs = Mapping[str, Sequence[Values]]
"""The values of each part; a part may come more than once, such as several people."""


class Malformed(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """A value cannot be stored: which part, which column, and why, as a code with its limit or span, and how much over."""

    def __init__(self, part: str, column: str, why: str, detail: str = "", over: int = 0) -> None:
        self.part = part
        self.column = column
        self.why = why
        self.detail = detail
        self.over = over
        super().__init__(f"{part}.{column}: {self.reason}")

    @property
    def reason(self) -> str:
        """Return why on one line, as stories and scripts read it: the code, its limit, and how much over that."""
        return f"{self.why} {self.detail}{f':{self.over}' if self.over else ''}".strip()


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A part whose values were all read already, by `read_value` for this very action: it is not read again."""

    action: Action
    part: str
    values: Mapping[str, Any]


def read_inputs(action: Action, given: Mapping[str, Any]) -> Inputs:
    """Read every part that was given; raises Malformed for an unknown part, or a value that cannot be stored."""
    allowed = parts_for(action)
    answer: dict[str, list[Values]] = {}
    for part, content in given.items():
        if part not in allowed:
            raise Malformed(part, "", "unknown_part")
        rows = content if isinstance(content, list) else [content]
        if part in ONE and len(rows) > 1:
            raise Malformed(part, "", "one_alone")
        answer[part] = [_read_part(action, part, row) for row in rows]
    refuse_pieces(texts_of(action, answer))
    return answer


def texts_of(action: Action, inputs: Inputs) -> list[str]:
    """Return every text that somebody typed in one act, in the order of the form."""
    found: list[str] = []
    for part, rows in inputs.items():
        typed = [column.name for column in columns_of(part, action) if column.kind in {Kind.TEXT, Kind.SHORT, Kind.NAMES}]
        given = [row[name] for row in rows for name in typed if row.get(name)]
        found += [text for one in given for text in (one if isinstance(one, list) else [one])]
    return found


def refuse_pieces(texts: Sequence[str]) -> None:
    """Raise Malformed where several texts hold together what no text may hold; which of them it is cannot be said."""
    if len(texts) > 1:
        try:
            screen_together(texts)
        except Screened as found:
            raise Malformed("text", "", f"screened_{found.kind}", found.span) from found


def _read_part(action: Action, part: str, row: object) -> Values:
    given = row.values if isinstance(row, ReadPart) else row
    if not isinstance(given, Mapping):
        raise Malformed(part, "", "not_a_mapping")
    columns = columns_of(part, action)
    if extra := set(given) - {column.name for column in columns}:
        raise Malformed(part, min(str(name) for name in extra), "unknown_column")
    was_read = isinstance(row, ReadPart) and (row.action, row.part) == (action, part)
    take = _was_read if was_read else read_value
    values = {column.name: take(part, column, given.get(column.name)) for column in columns}
    _check_days(part, values)
    if part in OF_PEOPLE and (why := age_misfit(values["birth_date"], values["estimated_age"])):
        raise Malformed(part, "estimated_age", why)
    return {name: value for name, value in values.items() if value is not None}


def _was_read(part: str, column: Column, value: Any) -> Any:
    """Return a value that was read already; what a form did not ask can still be required."""
    if value is None and column.required:
        raise Malformed(part, column.name, "required")
    return value


def _check_days(part: str, values: Values) -> None:
    """Refuse a day until which something holds that is before the day from which it does, in whatever part."""
    last = values.get(LAST_DAY)
    for first in (values.get(name) for name in FIRST_DAYS):
        if isinstance(first, date) and isinstance(last, date) and last < first:
            raise Malformed(part, LAST_DAY, "before_since")


def age_misfit(born: date | None, estimated: int | None) -> str:
    """Return why an estimated age does not go with a birth date: a whole date needs no age, a year or month must fit it."""
    if born is None or estimated is None:
        return ""
    if precision_of(born) is Precision.DAY:
        return "age_is_known"
    today = local_today()
    youngest, oldest = (age_on(day, today) for day in (born, earliest(born)))
    return "" if youngest - 1 <= estimated <= oldest + 1 else "age_does_not_fit"


OF_PEOPLE = frozenset({"person", "person_correction"})
FIRST_DAYS, LAST_DAY = ("date", "since"), "until"
"""What columns are called that say from which day something holds, and until which."""


def local_today() -> date:
    """Return the day in Europe/Amsterdam of the running act; before one is open, of the moment at which it would be."""
    return day_of(expected_moment())


def _no_such(column: Column) -> str:
    return f"not_a_{column.means}_date" if column.kind is Kind.DATE else f"not_a_{column.kind}"


def read_value(part: str, column: Column, value: Any) -> Any:
    """Read one value; None where an optional one is absent."""
    if value is None or value == "":
        if column.required:
            raise Malformed(part, column.name, "required")
        return None
    reader: Reader = _READERS[column.kind]
    try:
        _check_shape(column, value)
        return reader(column, value)
    except Screened as found:
        raise Malformed(part, column.name, f"screened_{found.kind}", found.span) from found
    except Unfit as error:
        raise Malformed(part, column.name, error.why, error.detail, error.over) from error
    except (ValueError, TypeError) as error:
        raise Malformed(part, column.name, _no_such(column)) from error


def read_typed(what: str, reader: Callable[[str], Read], typed: str) -> Read:
    """Read a moment or a month that was typed beside any form; raises Malformed with why it is none."""
    try:
        return reader(typed)
    except Unfit as error:
        raise Malformed(what, "", error.why, error.detail, error.over) from error
    except ValueError as error:
        raise Malformed(what, "", f"not_a_{what}") from error


def _check_shape(column: Column, value: Any) -> None:
    """Refuse what is no single value where one is asked, and what is no list of them where several may be."""
    many = isinstance(value, list | tuple) and column.kind in SEVERAL
    for one in value if many else [value]:
        if isinstance(one, bool) and column.kind not in {Kind.YES, Kind.CODE}:
            raise TypeError("a truth value")
        if not isinstance(one, SINGLE):
            raise TypeError("no single value")


SEVERAL = frozenset({Kind.NAMES, Kind.ITEMS, Kind.AGENCIES})
"""Kinds of column that take several values."""
SINGLE = (str, int, float, bool, date, UUID)


def _code(column: Column, value: Any) -> str:
    if str(value) not in column.choices:
        raise Unfit("no_such_code", str(value))
    return str(value)


def _text(column: Column, value: Any) -> str:
    words = without_invisible(str(value)).strip()
    refuse_longer(words, column.longest)  # before it is judged: what is too long to store is too long to look through
    words = screen(words, takes_mail=column.takes_mail)
    words = words if words == words.strip() else words.strip()  # a text that was screened stays known as one
    if len(words) < column.least:
        raise Unfit("too_short", column.least)
    return words


def _day(column: Column, value: Any) -> date:
    if isinstance(value, datetime):
        raise TypeError("a moment is no date")
    today = local_today()
    if isinstance(value, date):
        return within_bounds(value, today, column.means)
    return read_day(str(value), today, column.means, partly=column.partly)


def _yes(_: Column, value: Any) -> bool:
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False}
    return words[str(value).lower()] if str(value).lower() in words else _fail()


def _fail() -> bool:
    raise ValueError("not a yes or no")


def _number(column: Column, value: Any) -> int:
    """Read a count within its bounds; where it lies beyond one of them, that bound is named."""
    found = _whole_number(value)
    if found > column.most:
        raise Unfit("too_many_of_it", column.most)
    if found < column.least:
        raise Unfit("too_few_of_it", column.least)
    return found


def _short_enough(value: Any, most: int) -> str:
    """Return what was typed, without what stands around it; what is longer than any such value is refused, never cut."""
    text = without_invisible(str(value)).strip()
    refuse_longer(text, most)
    return text


def _whole_number(value: Any, most: int | None = None) -> int:
    text = without_marks(_short_enough(value, LONGEST_NUMBER)).strip()
    if not text.isascii() or not text.isdecimal() or (most is not None and int(text) > most):
        raise ValueError("no whole number, or none of a row")
    return int(text)


def _names(_: Column, value: Any) -> list[str]:
    names = value if isinstance(value, list) else str(value).split(",")
    given = [name for name in names if str(name).strip()]
    if not 1 <= len(given) <= 10:  # noqa: PLR2004 - a team, not a list of staff
        raise ValueError("one to ten names")
    return [_text(Column("name", Kind.SHORT, least=1), name) for name in given]


def _items(_: Column, value: Any) -> list[str]:
    items = [str(item) for item in (value if isinstance(value, list) else str(value).split())]
    if len(items) > MOST_ITEMS:
        raise Unfit("too_many", MOST_ITEMS, len(items) - MOST_ITEMS)
    if any(len(item) > LONGEST_ITEM for item in items):
        raise ValueError("not an item of a list that was offered")
    return items


def _case(_: Column, value: Any) -> UUID | str:
    """Read which case or handoff is meant: by its reference or number, as people say it, or by its id."""
    if isinstance(value, UUID):
        return value
    text = without_marks(_short_enough(value, LONGEST_ID)).strip().lower()
    if number := handoff_number(text):
        return number
    return text if REFERENCE.fullmatch(text) else UUID(text)


def handoff_number(text: str) -> str:
    """Return the number of a handoff as it is written, 4821-064; nothing where the text is none."""
    found = HANDOFF_NUMBER.fullmatch(text.strip())
    return f"{found[1]}-{found[2]}" if found else ""


def _id(_: Column, value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


Reader = Callable[[Column, Any], Any]
_READERS: dict[Kind, Reader] = {
    Kind.CODE: _code,
    Kind.TEXT: _text,
    Kind.SHORT: _text,
    Kind.DATE: _day,
    Kind.YES: _yes,
    Kind.NUMBER: _number,
    Kind.NAMES: _names,
    Kind.PERSON: _id,
    Kind.CASE: _case,
    Kind.ROW: _id,
    Kind.AGENCY: lambda _, value: _whole_number(value, LARGEST_KEY),
    Kind.AGENCIES: lambda _, value: [_whole_number(one, LARGEST_KEY) for one in _items(_, value)],
    Kind.ITEMS: _items,
    Kind.MEMBER: lambda _, value: _whole_number(value, LARGEST_KEY),
}
