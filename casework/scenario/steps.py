"""Reads the steps of a scenario strictly: acts, plans, acts that meet, and looks."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import chain, repeat
from typing import Any

from casework.entries.table import ON_NOTHING
from casework.input.moments import read_moment
from casework.scenario.contents import Cast, check_content
from casework.scenario.expecting import LOOKS, check_expected, expected_wrong
from casework.scenario.never import check_possible
from casework.scenario.nodes import NUMBERED, Said, Unreadable, brief, words
from casework.scenario.scene import SceneLine, SceneStep
from permissions.vocabulary import Action
from workflows.tracks import TRACKS

ACT_KEYS = frozenset({"as", "do", "on", "with", "version", "operation", "drawn"})
STEP_KEYS = ACT_KEYS | {"at", "repeat", "id", "expect", "plan", "good_of", "dry", "meets"}
LINE_KEYS = frozenset({"on", "with", "version"})
MOST_AT_ONCE = 64
MOST_LINES = 500
MOST_REPEATS = 5000
FIRST_MOMENT, LAST_MOMENT = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Between which moments a story plays: terms and calendars reach years before and after."""
OPENING = time(9)
"""The hour at which a step is taken where a story says only the day."""


def known(row: Said, keys: frozenset[str]) -> Mapping[str, Said]:
    """Return the mapping that this is; raises Unreadable where it has a word that means nothing here."""
    for name, value in row.rows.items():
        if name not in keys:
            raise Unreadable(value.line, f"{brief(name)} is no word here")
    return row.rows


def read_step(row: Said, cast: Cast) -> SceneStep:
    """Read one step; raises Unreadable for whatever no step can be."""
    content = known(row, STEP_KEYS)
    do = content.get("do", Said(None, row.line)).one_of({*LOOKS, *Action}, "action")
    for text in _texts(row):
        _check_numbered(text)
    if do == "wait" and "at" not in content:
        raise Unreadable(row.line, "wait needs a moment: at")
    if do in LOOKS:
        _check_look(row, do)
    step = _act(row, cast, "" if do in LOOKS else content.get("expect", Said("done", row.line)))
    lines, meets = _lines(content, step, cast), _meets(content, cast)
    expected = check_expected(
        content.get("expect", Said("done", row.line)), do, lines=_number_of_lines(content, lines), meets=len(meets)
    )
    check_possible(content.get("expect"), step, meets, planned=bool(lines) or "good_of" in content)
    return replace(
        step,
        at=_moment(content["at"]) if "at" in content else None,
        repeat=_count(content.get("repeat", Said(1, row.line)), "repeat", 1, MOST_REPEATS),
        id=_word(content, "id"),
        expect=expected,
        plan=lines,
        good_of=_word(content, "good_of"),
        is_dry=_truth(content, "dry"),
        meets=meets,
    )


NOT_ON_LOOKS = ("with", "version", "operation", "drawn", "plan", "good_of", "dry", "meets", "id")
ON_A_THING = frozenset({"look", "log"})
"""Looks that are at one case or handoff; a worklist is of a person."""


def _check_look(row: Said, do: str) -> None:
    """Refuse what no look takes, and a look at nothing."""
    content = row.rows
    for name in NOT_ON_LOOKS:
        if name in content:
            raise Unreadable(content[name].line, f"{do} stores nothing: it takes no {name}")
    if "on" in content and do not in ON_A_THING:
        raise Unreadable(content["on"].line, f"{do} is of a person: it takes no on")
    if do == "look" and not _word(content, "on"):
        raise Unreadable(row.line, "look needs what it looks at: on")


def _number_of_lines(content: Mapping[str, Said], lines: Sequence[SceneLine]) -> int | None:
    """Return how many lines are planned; 0 where that is the number that a dry run called good, None without a plan."""
    return len(lines) if lines or "good_of" in content else None


def _act(row: Said, cast: Cast, expected: Said | str, *, may_name: bool = True) -> SceneStep:
    """Read who does what, on what and with what; `expected` says in which columns a mistake is meant."""
    content = row.rows
    do = content.get("do", Said(None, row.line)).one_of({*LOOKS, *Action}, "action")
    who = _word(content, "as")
    if (who or do != "wait") and who not in cast.people:
        raise Unreadable(row.line, f"{who or 'nobody'} is no person of this scenario")
    if do in ON_NOTHING and "on" in content:
        raise Unreadable(content["on"].line, f"{do} is on nothing: it takes no on")
    wrong = expected_wrong(expected) if isinstance(expected, Said) else frozenset()
    return SceneStep(
        line=row.line,
        at=None,
        who=who,
        do=do,
        on=_word(content, "on"),
        content=_content(content, do, cast, wrong, may_name=may_name),
        repeat=1,
        id="",
        expect="done",
        version=_version(content),
        operation=_word(content, "operation"),
        drawn=_drawn(content["drawn"], who, cast) if "drawn" in content else "",
    )


def _drawn(said: Said, who: str, cast: Cast) -> str:
    """Read in which membership a form was drawn: one of who sends it, as nobody sends what another was shown."""
    drawn = said.one_of(cast.people, "person of this scenario")
    if (cast.people[drawn].person or drawn) != (cast.people[who].person or who):
        raise Unreadable(said.line, f"{drawn} is another person than {who}: a form is sent by whom it was drawn for")
    return drawn


def _content(
    content: Mapping[str, Said], do: str, cast: Cast, wrong: Collection[str], *, may_name: bool
) -> Mapping[str, Any]:
    """Read what is given to an act; raises Unreadable for what it cannot take."""
    given = content.get("with")
    if given is None or given.value is None:
        return {}
    if do not in LOOKS:
        check_content(given, Action(do), cast, wrong, may_name=may_name)
    return Said(given.rows, given.line).plain  # type: ignore[no-any-return]


def _version(content: Mapping[str, Said]) -> int | None:
    return _count(content["version"], "version", 0, 2**31 - 1) if "version" in content else None


def _truth(content: Mapping[str, Said], name: str) -> bool:
    said = content.get(name, Said(value=False, line=0))
    if not isinstance(said.value, bool):
        raise Unreadable(said.line, f"{name} is true or false, not {brief(said.value)}")
    return said.value


def _lines(content: Mapping[str, Said], step: SceneStep, cast: Cast) -> tuple[SceneLine, ...]:
    """Read a plan: several steps of one kind, done as one act."""
    said = content.get("plan")
    if "dry" in content and said is None:
        raise Unreadable(content["dry"].line, "only a plan is run dry")
    if said is None and "good_of" not in content:
        return ()
    line = said.line if said else content["good_of"].line
    if step.do not in PLANNABLE or step.on or step.content or step.version is not None or "meets" in content:
        raise Unreadable(line, "a plan is of steps of a track, each line with its own on, with and version")
    if said is None:
        return ()
    if "good_of" in content:
        raise Unreadable(line, "the lines of good_of are those of its dry run: it takes no plan")
    if not said.items or len(said.items) > MOST_LINES:
        raise Unreadable(line, f"a plan has 1 to {MOST_LINES} lines")
    ends = chain(_ends_of_lines(content), repeat(None))
    return tuple(_line(row, step.do, cast, end) for row, end in zip(said.items, ends, strict=False))


def _ends_of_lines(content: Mapping[str, Said]) -> Sequence[Said]:
    expected = content.get("expect")
    lines = expected.value.get("lines") if expected and isinstance(expected.value, Mapping) else None
    return lines.items if lines else ()


def _line(row: Said, do: str, cast: Cast, end: Said | None) -> SceneLine:
    content = known(row, LINE_KEYS)
    wrong = expected_wrong(end) if end else ()
    given = _content(content, do, cast, wrong, may_name=False)
    return SceneLine(row.line, _word(content, "on"), given, _version(content))


PLANNABLE = frozenset(step.action for track in TRACKS.values() for step in track.steps)


def _meets(content: Mapping[str, Said], cast: Cast) -> tuple[SceneStep, ...]:
    """Read the acts that meet this one: all are done at the same moment."""
    if "meets" not in content:
        return ()
    said = content["meets"]
    if not said.items or len(said.items) >= MOST_AT_ONCE:
        raise Unreadable(said.line, f"at most {MOST_AT_ONCE} acts meet, and at least two")
    for row in said.items:
        do = known(row, ACT_KEYS).get("do", Said(None, row.line))
        do.one_of(set(Action), "action that can meet another")
    return tuple(_act(row, cast, Said("done", row.line), may_name=False) for row in said.items)


def _word(content: Mapping[str, Said], name: str) -> str:
    said = content.get(name)
    return "" if said is None or said.value in (None, "") else words(said, name)


def _count(said: Said, what: str, least: int, most: int) -> int:
    if not isinstance(said.value, int) or isinstance(said.value, bool) or not least <= said.value <= most:
        raise Unreadable(said.line, f"{what} is a number from {least} to {most}, not {brief(said.value)}")
    return said.value


def _moment(said: Said) -> datetime:
    try:
        moment = read_moment(str(said.value), None, otherwise=OPENING).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        over = {"no_such_moment": ": the clock goes forward over it", "no_such_time": ": a day has no such time"}
        raise Unreadable(said.line, f"{brief(said.value)} is no moment{over.get(str(error), '')}") from None
    if not FIRST_MOMENT <= moment < LAST_MOMENT:
        raise Unreadable(said.line, f"a story plays between {FIRST_MOMENT.year} and {LAST_MOMENT.year}")
    return moment


def _texts(said: Said) -> Iterator[Said]:
    if isinstance(said.value, Mapping):
        for name, inner in said.value.items():
            yield Said(name, inner.line)
            yield from _texts(inner)
    elif isinstance(said.value, list):
        for inner in said.value:
            yield from _texts(inner)
    elif isinstance(said.value, str):
        yield said


def _check_numbered(said: Said) -> None:
    """Refuse what looks like the number of a repeat and is not: it would be shown unfilled, or worse, evaluated."""
    if re.search(r"\{\s*n\b", NUMBERED.sub("", said.value)):
        raise Unreadable(said.line, f"{brief(said.value)}: the number of a repeat is {{n}} or {{n:03}}")
