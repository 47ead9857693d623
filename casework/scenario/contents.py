"""Checks what a story gives to an act while the file is read: parts, columns and kinds of values that there are.

What can only be judged on the story's clock, such as a day in the future, is left to the act itself.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casework.input.dates import read_day
from casework.input.fact_parts import FACT_PARTS
from casework.input.parts import columns_of, parts_for
from casework.input.read import Malformed, read_value
from casework.input.schema import Column, Kind
from casework.input.unfit import Unfit
from casework.scenario.nodes import Said, Unreadable, brief, numbered, words
from casework.scenario.scene import ScenePerson
from permissions.vocabulary import Action

JUDGED = frozenset({"too_short", "too_long", "in_future", "too_long_ago", "too_far", "too_many", "required"}) | {
    "too_many_of_it",
    "too_few_of_it",
    "other_weekday",
}
"""What only the act itself can say of a value of the right kind: a story finds that out when it is played."""
SOME_DAY = date(2024, 1, 1)
NAMED_ELSEWHERE = frozenset({Kind.PERSON, Kind.CASE, Kind.ROW, Kind.ITEMS})
"""Kinds of values that a story names by the id of a step or row."""
NAMES_OF_THE_CAST = frozenset({Kind.MEMBER, Kind.AGENCY, Kind.AGENCIES})
"""Kinds of values in which a story names its people and agencies: a misspelt one is never a mistake that it means."""
NAMEABLE = frozenset({"person", "premises", "note", *FACT_PARTS})
"""Parts whose rows can have a name of their own (`id`): the others leave no row that a later step could mean."""
ANYTHING = "*"
"""What is expected to be malformed where the story does not say which column."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The names of people and agencies in a story."""

    people: Mapping[str, ScenePerson]
    agencies: Collection[str]


def check_content(said: Said, action: Action, cast: Cast, wrong: Collection[str] = (), *, may_name: bool = True) -> None:
    """Raise Unreadable for a part or column that the act does not have, and for a value of another kind.

    `wrong` names the columns, as part.column, in which the story means a mistake; it never excuses a misspelt name.
    Without `may_name` no row takes an id: nothing that is stored here is ever found by it.
    """
    for part, rows in said.rows.items():
        if part not in parts_for(action):
            raise Unreadable(rows.line, f"{brief(part)} is no part of {action}")
        columns = {column.name: column for column in columns_of(part, action)}
        for row in rows.items if isinstance(rows.value, list) else [rows]:
            if not isinstance(row.value, Mapping):
                if {part, ANYTHING} & set(wrong):
                    continue
                raise Unreadable(row.line, f"{brief(row.value)} stands where the mapping of {part} should")
            if "id" in row.rows and not (may_name and part in NAMEABLE):
                where = f"a row of {part}" if may_name else "a row of a line, or of an act that meets another"
                raise Unreadable(row.rows["id"].line, f"{where} takes no id: nothing could be named by it")
            _check_row(row, part, columns, cast, wrong)


def _check_row(row: Said, part: str, columns: Mapping[str, Column], cast: Cast, wrong: Collection[str]) -> None:
    for name, value in row.rows.items():
        if name == "id":
            words(value, "id")
            continue
        if name not in columns:
            raise Unreadable(value.line, f"{brief(name)} is no column of {part}")
        is_name = columns[name].kind in NAMES_OF_THE_CAST and isinstance(value.value, str)
        if is_name or not {f"{part}.{name}", ANYTHING} & set(wrong):
            _check_value(part, columns[name], value, cast)


def _check_value(part: str, column: Column, said: Said, cast: Cast) -> None:
    if said.value in (None, ""):
        return
    for one in _single(part, column, said):
        value = numbered(one.value, 1) if isinstance(one.value, str) else one.value
        if not _is_of_its_kind(part, column, value, cast):
            raise Unreadable(one.line, f"{brief(one.value)} is no {_called(column)}: {part}.{column.name}")


def _called(column: Column) -> str:
    kinds = {
        Kind.CODE: "code of this column",
        Kind.YES: "yes or no",
        Kind.ROW: "row",
        Kind.ITEMS: "item",
        Kind.NAMES: "name",
    }
    agencies = {Kind.AGENCY: "agency of this scenario", Kind.AGENCIES: "agency of this scenario"}
    more = {Kind.MEMBER: "person of this scenario", Kind.TEXT: "text", Kind.SHORT: "short text"}
    return {**kinds, **agencies, **more}.get(column.kind, str(column.kind))


def _single(part: str, column: Column, said: Said) -> Iterator[Said]:
    """Yield the values that stand there, one by one; raises Unreadable for a list or mapping where none can be."""
    may_be_several = column.kind in {Kind.NAMES, Kind.ITEMS, Kind.AGENCIES}
    if isinstance(said.value, Mapping) or (isinstance(said.value, list) and not may_be_several):
        raise Unreadable(said.line, f"{brief(said.value)} is no {_called(column)}: {part}.{column.name}")
    yield from said.value if isinstance(said.value, list) else [said]


def _is_of_its_kind(part: str, column: Column, value: Any, cast: Cast) -> bool:
    if column.kind in {Kind.AGENCY, Kind.AGENCIES}:
        return value in cast.agencies
    if column.kind is Kind.MEMBER:
        return value in cast.people
    if column.kind in NAMED_ELSEWHERE:
        return isinstance(value, str | UUID)
    if column.kind is Kind.DATE:
        return _is_day(column, value)
    try:
        read_value(part, column, value)
    except Malformed as error:
        return error.why in JUDGED or error.why.startswith("screened_")
    return True


def _is_day(column: Column, value: Any) -> bool:
    if isinstance(value, date) or not isinstance(value, str):
        return isinstance(value, date) and not isinstance(value, datetime)
    try:
        read_day(value, SOME_DAY, column.means, partly=column.partly)
    except ValueError as error:
        return value == "today" or (isinstance(error, Unfit) and error.why in JUDGED)
    return True
