"""Reads the steps of a scenario strictly: acts, plans, acts that meet, and looks."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import chain, repeat
from typing import Any

from casework.moments import read_moment
from casework.scenario.contents import Cast, check_content
from casework.scenario.expecting import LOOKS, check_expected, expected_wrong
from casework.scenario.nodes import NUMBERED, Said, Unreadable, brief, numbered
from casework.scenario.scene import SceneLine, ScenePerson, SceneStep
from permissions.vocabulary import Action
from workflows.tracks import TRACKS

ACT_KEYS = frozenset({"as", "do", "on", "with", "version", "operation", "drawn"})
STEP_KEYS = ACT_KEYS | {"at", "repeat", "id", "expect", "plan", "good_of", "dry", "meets"}
LINE_KEYS = frozenset({"on", "with", "version"})
MOST_AT_ONCE = 64
MOST_LINES = 500
MOST_REPEATS = 5000
MOST_PLAYED = 20_000
FIRST_MOMENT, LAST_MOMENT = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Between which moments a story plays: terms and calendars reach years before and after."""
OPENING = time(9)
"""When a step is taken of which a story says the day alone."""
LONGEST_NAME = 120
PARTS_OF = frozenset({*TRACKS, "handoff", "finding", "contact"})
"""What may stand behind the dot of a name."""


def known(row: Said, keys: frozenset[str]) -> Mapping[str, Said]:
    """Return the mapping that this is; raises Unreadable where it has a word that means nothing here."""
    for name, value in row.rows.items():
        if name not in keys:
            raise Unreadable(value.line, f"{brief(name)} is no word here")
    return row.rows


def words(said: Said, what: str, longest: int = LONGEST_NAME) -> str:
    """Return a short text; raises Unreadable for anything else."""
    if not isinstance(said.value, str | int) or isinstance(said.value, bool) or not str(said.value).strip():
        raise Unreadable(said.line, f"{what} is a word, not {brief(said.value)}")
    if len(str(said.value)) > longest:
        raise Unreadable(said.line, f"{what} has at most {longest} characters")
    if not str(said.value).isprintable():
        raise Unreadable(said.line, f"{what} has characters that nobody can read")
    return str(said.value)


def read_step(row: Said, cast: Cast) -> SceneStep:
    """Read one step; raises Unreadable for whatever no step can be."""
    content = known(row, STEP_KEYS)
    do = content.get("do", Said(None, row.line)).one_of({*LOOKS, *Action}, "action")
    for text in _texts(row):
        _check_numbered(text)
    if do == "wait" and "at" not in content:
        raise Unreadable(row.line, "wait needs a moment: at")
    if do in LOOKS and (given := next((content[name] for name in NOT_ON_LOOKS if name in content), None)):
        raise Unreadable(given.line, f"{do} stores nothing: it takes no {next(n for n in NOT_ON_LOOKS if n in content)}")
    step = _act(row, cast, "" if do in LOOKS else content.get("expect", Said("done", row.line)))
    lines, meets = _lines(content, step, cast), _meets(content, cast)
    expected = check_expected(
        content.get("expect", Said("done", row.line)), do, lines=bool(lines or "good_of" in content), meets=len(meets)
    )
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


NOT_ON_LOOKS = ("with", "version", "operation", "drawn", "plan", "good_of", "dry", "meets")


def _act(row: Said, cast: Cast, expected: Said | str) -> SceneStep:
    """Read who does what, on what and with what; `expected` says in which columns a mistake is meant."""
    content = row.rows
    do = content.get("do", Said(None, row.line)).one_of({*LOOKS, *Action}, "action")
    who = _word(content, "as")
    if do != "wait" and who not in cast.people:
        raise Unreadable(row.line, f"{who or 'nobody'} is no person of this scenario")
    return SceneStep(
        line=row.line,
        at=None,
        who=who,
        do=do,
        on=_word(content, "on"),
        content=_content(content, do, cast, expected_wrong(expected) if isinstance(expected, Said) else ()),
        repeat=1,
        id="",
        expect="done",
        version=_version(content),
        operation=_word(content, "operation"),
        drawn=content["drawn"].one_of(cast.people, "person of this scenario") if "drawn" in content else "",
    )


def _content(content: Mapping[str, Said], do: str, cast: Cast, wrong: Collection[str]) -> Mapping[str, Any]:
    """Read what is given to an act; raises Unreadable for what it cannot take."""
    given = content.get("with")
    if given is None or given.value is None:
        return {}
    if do not in LOOKS:
        check_content(given, Action(do), cast, wrong)
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
    return SceneLine(row.line, _word(content, "on"), _content(content, do, cast, wrong), _version(content))


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
    return tuple(_act(row, cast, Said("done", row.line)) for row in said.items)


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
        over = ": the clock goes forward over it" if str(error) == "no_such_moment" else ""
        raise Unreadable(said.line, f"{brief(said.value)} is no moment{over}") from None
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
    """Refuse what looks like the number of a repeat and is not: it would be shown as it stands, or worse, looked into."""
    if re.search(r"\{\s*n\b", NUMBERED.sub("", said.value)):
        raise Unreadable(said.line, f"{brief(said.value)}: the number of a repeat is {{n}} or {{n:03}}")


def check_names(steps: list[SceneStep], people: Mapping[str, ScenePerson]) -> None:
    """Check that whatever a step is on was named by an earlier one."""
    if not steps:
        raise Unreadable(1, "a story without steps proves nothing")
    if sum(step.repeat for step in steps) > MOST_PLAYED:
        raise Unreadable(1, f"a story has at most {MOST_PLAYED} steps, repeats counted")
    made: set[str] = set()
    tried: set[str] = set()
    for step in steps:
        if step.good_of and step.good_of not in tried:
            raise Unreadable(step.line, f"{brief(step.good_of)} is no dry run of an earlier step")
        for number in range(1, step.repeat + 1):
            for line, on in _targets(step):
                _check_target(line, numbered(on, number), made, people)
            for name in [numbered(name, number) for name in _named_by(step)]:
                if name in made and step.expect == "done":
                    raise Unreadable(step.line, f"{brief(name)} is the id of an earlier step or row")
                made.add(name)
        if step.is_dry:
            tried.add(step.id)


def _targets(step: SceneStep) -> Iterator[tuple[int, str]]:
    """Return what a step is on, and its lines and the acts that meet it."""
    yield step.line, step.on
    yield from ((line.line, line.on) for line in step.plan)
    yield from ((other.line, other.on) for other in step.meets)


def _check_target(line: int, on: str, made: Collection[str], people: Mapping[str, ScenePerson]) -> None:
    alias, _, part = on.partition(".")
    is_person = part == "finding" and alias in people
    if alias and alias not in made and not is_person:
        raise Unreadable(line, f"{brief(alias)} is no id of an earlier step")
    if part and part not in PARTS_OF:
        raise Unreadable(line, f"{brief(part)} is no part of a case: {', '.join(sorted(PARTS_OF))}")


def _named_by(step: SceneStep) -> Iterator[str]:
    """Return the names that a step gives: its own, and those of the rows that it stores."""
    if step.id:
        yield step.id
    for rows in step.content.values():
        for row in rows if isinstance(rows, list) else [rows]:
            if isinstance(row, Mapping) and isinstance(row.get("id"), str):
                yield row["id"]
