"""Checks that a story names what an earlier step made, that no name stands for two things, and that its clock runs on."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from casework.input.parts import columns_of, parts_for
from casework.input.person_names import REFERENCE
from casework.input.read import handoff_number
from casework.input.schema import Column, Kind
from casework.scenario.nodes import Unreadable, brief, numbered
from casework.scenario.scene import ScenePerson, SceneStep
from permissions.bases import GROUPS
from permissions.vocabulary import SYSTEM_ROLES, Action
from workflows.calendars import AMSTERDAM
from workflows.tracks import TRACKS

MOST_PLAYED = 20_000
SECOND = timedelta(seconds=1)
PARTS_OF = frozenset({*TRACKS, "handoff", "finding"})
"""What may stand behind the dot of what a step is on."""
FIELD_GROUPS = frozenset(group for kind in GROUPS.values() for group in kind)
KINDS_THAT_NAME = frozenset({Kind.PERSON, Kind.ROW, Kind.CASE, Kind.ITEMS})
"""Kinds of columns in which a story names what an earlier step or row made."""
NOT_NAMED = "?"
"""How a list shows a case that the story gave no name."""


def check_story(steps: list[SceneStep], people: Mapping[str, ScenePerson], agencies: Collection[str] = ()) -> None:
    """Check the names and the clock of a whole story; raises Unreadable with the line of the step.

    `agencies` are the names that pages show: whoever was first is told by a name of a person or of an agency.
    """
    if not steps:
        raise Unreadable(1, "a story without steps proves nothing")
    if sum(step.repeat for step in steps) > MOST_PLAYED:
        raise Unreadable(1, f"a story has at most {MOST_PLAYED} steps, repeats counted")
    _check_clock(steps)
    made: set[str] = set()
    tried: dict[str, SceneStep] = {}
    shown = {*(one.name or name for name, one in people.items()), *agencies, *SYSTEM_ROLES}
    for step in steps:
        _check_first(step, shown)
        if step.good_of:
            _check_good_of(step, tried)
        _check_names_something(step)
        for number in range(1, step.repeat + 1):
            _check_used(step, number, made, people)
            for name in [numbered(name, number) for name in _named_by(step)]:
                if (name in made or name in tried) and step.expect == "done":
                    raise Unreadable(step.line, f"{brief(name)} is the id of an earlier step or row")
                if _may_make(step):
                    made.add(name)
        if step.is_dry:
            tried[step.id] = step


def _check_clock(steps: list[SceneStep]) -> None:
    """Refuse a moment before that of the step above: it would be played at another one.

    The same moment written again is the second after the step above, as for a step that says none.
    """
    stood: datetime | None = None
    said: datetime | None = None
    for step in steps:
        if stood and step.at and step.at < stood and step.at != said:
            shown = f"{stood.astimezone(AMSTERDAM):%Y-%m-%d %H:%M:%S}"
            raise Unreadable(step.line, f"the clock never runs back: the step before is at {shown}")
        said = step.at or said
        if stood or step.at:
            stood = max(one for one in (stood and stood + SECOND, step.at) if one) + SECOND * (step.repeat - 1)


def _check_good_of(step: SceneStep, tried: Mapping[str, SceneStep]) -> None:
    """Check that the lines of a dry run are carried out by who tried them, as the act that was tried."""
    dry = tried.get(step.good_of)
    if dry is None:
        raise Unreadable(step.line, f"{brief(step.good_of)} is no dry run of an earlier step")
    if (dry.do, dry.who) != (step.do, step.who):
        raise Unreadable(step.line, f"{brief(step.good_of)} is a dry run of {dry.do} by {dry.who}")
    ends = dry.expect["lines"] if isinstance(dry.expect, Mapping) and "lines" in dry.expect else None
    good = len(dry.plan) if dry.expect == "done" else (ends or []).count("done")
    if not good:
        raise Unreadable(step.line, f"{brief(step.good_of)} calls no line good")
    if isinstance(step.expect, Mapping) and len(step.expect.get("lines", ())) not in {0, good}:
        raise Unreadable(step.line, f"{brief(step.good_of)} calls another number of lines good")


def _check_names_something(step: SceneStep) -> None:
    """Refuse a name for an act that makes nothing: a search, or a plan that is carried out, as its lines are steps.

    What is expected to end otherwise than done may have one, and makes nothing either.
    """
    is_carried_out = bool(step.plan or step.good_of) and not step.is_dry
    if step.id and step.expect == "done" and (is_carried_out or step.do == Action.SEARCH_OWN):
        what = "a plan that is carried out" if is_carried_out else step.do
        raise Unreadable(step.line, f"{what} makes nothing to name: it takes no id")


def _check_used(step: SceneStep, number: int, made: Collection[str], people: Mapping[str, ScenePerson]) -> None:
    """Check every name that a step uses: what it is on, what stands in its content, and cases on a list."""
    for line, on in _targets(step):
        _check_target(line, numbered(on, number), made, people)
    for line, do, content in _contents(step):
        for part, column, value in _names_within(content, do):
            if not _is_known(part, column, numbered(value, number), made):
                raise Unreadable(line, f"{brief(value)} is no id of an earlier step or row: {part}.{column.name}")
    for name in _cases_listed(step):
        if numbered(name, number) not in {*made, NOT_NAMED}:
            raise Unreadable(step.line, f"{brief(name)} is no id of an earlier step")


def _targets(step: SceneStep) -> Iterator[tuple[int, str]]:
    """Return what a step is on, and its lines and the acts that meet it."""
    yield step.line, step.on
    yield from ((line.line, line.on) for line in step.plan)
    yield from ((other.line, other.on) for other in step.meets)


def _contents(step: SceneStep) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """Return what is given to a step, to its lines and to the acts that meet it, each with the action that takes it."""
    yield step.line, step.do, step.content
    yield from ((line.line, step.do, line.content) for line in step.plan)
    yield from ((other.line, other.do, other.content) for other in step.meets)


def _names_within(content: Mapping[str, Any], do: str) -> Iterator[tuple[str, Column, str]]:
    """Return the values that name something, each with its part and column."""
    action = Action(do) if content else None
    for part, rows in content.items():
        columns = {column.name: column for column in columns_of(part, action) if _names(column)} if action else {}
        for row in rows if isinstance(rows, list) else [rows]:
            for name, value in row.items() if isinstance(row, Mapping) else ():
                for one in value if isinstance(value, list) else [value]:
                    if name in columns and isinstance(one, str | int) and not isinstance(one, bool) and one != "":
                        yield part, columns[name], str(one)


def _names(column: Column) -> bool:
    """Whether a story names in this column what an earlier step or row made."""
    return column.kind in KINDS_THAT_NAME or column.name == "reference"


def _is_known(part: str, column: Column, value: str, made: Collection[str]) -> bool:
    """Whether a story may write this where something is named: an id that it gave, or a word that needs none."""
    if column.kind is not Kind.ITEMS:
        by_reference = column.kind is Kind.CASE or column.name == "reference"
        return value in made or _is_key(value) or (by_reference and _is_reference(value))
    if column.name == "emptied":
        words = {other.name for action in Action if part in parts_for(action) for other in columns_of(part, action)}
        return words.issuperset(value.split())
    if column.name == "groups":
        return FIELD_GROUPS.issuperset(value.split())
    alias, _, behind = value.partition(".")
    if alias in made and behind in {"", "contact"}:
        return True
    return all(word in FIELD_GROUPS or _is_key(word.partition(":")[2]) for word in value.split())


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _is_reference(text: str) -> bool:
    return bool(REFERENCE.fullmatch(text.lower()) or handoff_number(text))


def _cases_listed(step: SceneStep) -> Iterator[str]:
    """Return the cases that a list is expected to name."""
    if step.do != "list" or not isinstance(step.expect, Mapping):
        return
    yield from step.expect.get("cases") or ()
    rows = [*(step.expect.get("mine") or ()), *(step.expect.get("others") or ()), step.expect.get("first") or ""]
    yield from (row.partition(" ")[2] for row in rows if row)


def _check_first(step: SceneStep, shown: Collection[str]) -> None:
    """Check that whoever is told to have been first is somebody whom a page could name."""
    for who in _told_first(step.expect):
        if who not in shown:
            raise Unreadable(step.line, f"{brief(who)} is the name of no person and no agency of this scenario")


def _told_first(expected: object) -> Iterator[str]:
    """Return the names that a story expects to be told as who was first: of a step, and of the lines of a plan."""
    if isinstance(expected, Mapping):
        first = expected.get("stale")
        if isinstance(first, Mapping) and "who" in first:
            yield str(first["who"])
        ends: Sequence[object] = expected.get("lines") or ()
        for end in ends:
            yield from _told_first(end)


def _check_target(line: int, on: str, made: Collection[str], people: Mapping[str, ScenePerson]) -> None:
    alias, _, part = on.partition(".")
    is_person = part == "finding" and alias in people
    if alias and alias not in made and not is_person:
        raise Unreadable(line, f"{brief(alias)} is no id of an earlier step")
    if part and part not in PARTS_OF:
        raise Unreadable(line, f"{brief(part)} is no part of a case: {', '.join(sorted(PARTS_OF))}")


def _may_make(step: SceneStep) -> bool:
    """Whether a step makes what it names: what ends otherwise than done, or is taken back, makes nothing."""
    if step.is_dry:
        return False
    return step.expect == "done" or (isinstance(step.expect, Mapping) and bool(step.expect.get("ended", {}).get("done")))


def _named_by(step: SceneStep) -> Iterator[str]:
    """Return the names that a step gives: its own, and those of the rows that it stores."""
    if step.id:
        yield step.id
    for rows in step.content.values():
        for row in rows if isinstance(rows, list) else [rows]:
            if isinstance(row, Mapping) and "id" in row:
                yield str(row["id"])
