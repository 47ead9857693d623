"""Reads a scenario file strictly: every fault names its line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from casework.days import read_day
from casework.moments import read_moment
from casework.scenario.expecting import LOOKS, check_expected, check_report
from casework.scenario.nodes import Said, Unreadable, brief, read_nodes
from permissions.bases import BASES, GROUPS
from permissions.services import RolesMayNotMeet, check_roles
from permissions.vocabulary import SYSTEM_ROLES, Action, AgencyKind, Role
from workflows.tracks import TRACKS

LOCAL = ZoneInfo("Europe/Amsterdam")
STEP_KEYS = frozenset({"at", "as", "do", "on", "with", "repeat", "id", "expect", "version", "operation"})
FILE_KEYS = frozenset({"title", "agencies", "people", "agreements", "confirmed", "calendar", "steps", "report"})
MOST_REPEATS = 5000
MOST_PLAYED = 20_000
FIRST_MOMENT, LAST_MOMENT = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Between which moments a story plays: terms and calendars reach years before and after."""
OPENING = time(9)
"""When a step is taken of which a story says the day alone."""
LONGEST_NAME = 120
LONGEST_KEY = 80
NAME = re.compile(r"[^\W_][\w -]*")
NUMBERED = re.compile(r"\{n(?::(0?[1-9]))?\}", re.ASCII)
"""Where the number of a repeat is written: {n}, or {n:03} for three figures."""
PARTS_OF = frozenset({*TRACKS, "handoff", "finding", "contact"})
"""What may stand behind the dot of a name."""


@dataclass(frozen=True, slots=True)
class SceneAgency:
    """An agency of the story."""

    kind: AgencyKind
    name: str
    controller: str


@dataclass(frozen=True, slots=True)
class ScenePerson:
    """A person of the story."""

    name: str
    agency: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class SceneStep:
    """One step of the story, with the line on which it stands."""

    line: int
    at: datetime | None
    who: str
    do: str
    on: str
    content: Mapping[str, Any]
    repeat: int
    id: str
    expect: Any
    version: int | None
    operation: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole story."""

    title: str
    agencies: dict[str, SceneAgency]
    people: dict[str, ScenePerson]
    agreements: list[tuple[str, str, tuple[str, ...]]] | None
    calendar: dict[date, str]
    steps: list[SceneStep] = field(default_factory=list)
    report: Mapping[str, Any] = field(default_factory=dict)
    report_line: int = 0
    confirmed: list[tuple[str, tuple[str, ...], str]] | None = None
    """Which bases an agency's privacy officer confirmed, and who that is; all of them where the file says nothing."""


def read(path: Path, *, without_steps: bool = False) -> Scene:
    """Read a file; raises Unreadable. Agencies and people alone are read with `without_steps`."""
    root = read_nodes(path)
    if not isinstance(root.value, Mapping):
        raise Unreadable(1, "a scenario is a mapping with agencies, people and steps")
    content = known(root, FILE_KEYS)
    for name in ("agencies", "people", "steps"):
        if name not in content and not (name == "steps" and without_steps):
            raise Unreadable(1, f"{name} is missing")
    agencies = {key(name, row): _agency(row) for name, row in content["agencies"].rows.items()}
    _each_once(content["agencies"], agencies)
    people = {key(name, row): _person(name, row, agencies) for name, row in content["people"].rows.items()}
    report = content.get("report", Said({}, 0))
    check_report(report)
    steps = [_step(row, people) for row in content["steps"].items] if "steps" in content else []
    if not without_steps:
        _check_names(steps, people)
    return Scene(
        title=words(content["title"], "title") if "title" in content else path.stem,
        agencies=agencies,
        people=people,
        agreements=_agreements(content.get("agreements"), agencies),
        calendar=_calendar(content.get("calendar")),
        steps=steps,
        report=report.plain,
        report_line=report.line,
        confirmed=_confirmed(content.get("confirmed"), agencies, people),
    )


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


def key(name: str, said: Said) -> str:
    """Return the name by which the story calls an agency or person; raises Unreadable."""
    if not NAME.fullmatch(name) or len(name) > LONGEST_KEY:
        raise Unreadable(said.line, f"{brief(name)} is no name: letters and figures, at most {LONGEST_KEY}")
    return name


def _agency(row: Said) -> SceneAgency:
    content = known(row, frozenset({"kind", "name", "controller"}))
    kind = AgencyKind(content.get("kind", Said(None, row.line)).one_of(set(AgencyKind), "kind of agency"))
    if "name" not in content:
        raise Unreadable(row.line, "an agency needs a name")
    name = words(content["name"], "the name of an agency")
    controller = words(content["controller"], "a controller") if "controller" in content else name
    return SceneAgency(kind, name, controller)


def _each_once(row: Said, agencies: Mapping[str, SceneAgency]) -> None:
    called: dict[str, str] = {}
    for name, agency in agencies.items():
        if agency.name in called:
            line = row.rows[name].line
            raise Unreadable(line, f"{name} and {called[agency.name]} are two agencies of one name: {agency.name}")
        called[agency.name] = name


def _person(name: str, row: Said, agencies: Mapping[str, SceneAgency]) -> ScenePerson:
    content = known(row, frozenset({"name", "agency", "roles"}))
    if name in set(SYSTEM_ROLES):
        raise Unreadable(row.line, f"{name} is the name of a system actor")
    agency = content.get("agency", Said(None, row.line)).one_of(agencies, "agency of this scenario")
    given = content.get("roles", Said([], row.line))
    roles = tuple(Role(role.one_of(set(Role), "role")) for role in given.items)
    try:
        check_roles(roles)
    except RolesMayNotMeet as error:
        raise Unreadable(given.line, str(error)) from None
    return ScenePerson(words(content["name"], "a name") if "name" in content else name, agency, roles)


def _agreements(said: Said | None, agencies: Mapping[str, SceneAgency]) -> list[tuple[str, str, tuple[str, ...]]] | None:
    if said is None or said.value in (None, "all"):
        return None
    return [_agreement(row, agencies) for row in said.items]


def _agreement(row: Said, agencies: Mapping[str, SceneAgency]) -> tuple[str, str, tuple[str, ...]]:
    content = known(row, frozenset({"from", "to", "groups"}))
    sender, receiver = (
        content.get(name, Said(None, row.line)).one_of(agencies, "agency of this scenario") for name in ("from", "to")
    )
    if sender == receiver:
        raise Unreadable(row.line, f"{sender} shares with itself: an agreement is between two agencies")
    fields = {group for kind in GROUPS.values() for group in kind}
    groups = content["groups"].items if "groups" in content else []
    return sender, receiver, tuple(group.one_of(fields, "field group") for group in groups)


def _confirmed(
    said: Said | None, agencies: Mapping[str, SceneAgency], people: Mapping[str, ScenePerson]
) -> list[tuple[str, tuple[str, ...], str]] | None:
    if said is None or said.value in (None, "all"):
        return None
    return [_confirmation(row, agencies, people) for row in said.items]


def _confirmation(
    row: Said, agencies: Mapping[str, SceneAgency], people: Mapping[str, ScenePerson]
) -> tuple[str, tuple[str, ...], str]:
    content = known(row, frozenset({"agency", "bases", "by"}))
    agency = content.get("agency", Said(None, row.line)).one_of(agencies, "agency of this scenario")
    officers = {name for name, one in people.items() if one.agency == agency and Role.PRIVACY_OFFICER in one.roles}
    officer = content.get("by", Said(None, row.line)).one_of(officers, f"privacy officer of {agency}")
    said = content.get("bases", Said("all", row.line))
    return agency, tuple(BASES) if said.value == "all" else tuple(one.one_of(BASES, "basis") for one in said.items), officer


def _calendar(said: Said | None) -> dict[date, str]:
    if said is None or said.value is None:
        return {}
    if isinstance(said.value, list):
        rows = [(_day(one.value, one.line), "decree", one.line) for one in said.value]
    else:
        rows = [(_day(name, row.line), words(row, "the name of a day"), row.line) for name, row in said.rows.items()]
    found: dict[date, str] = {}
    for day, name, line in rows:
        if day in found:
            raise Unreadable(line, f"{day} stands twice in the calendar")
        found[day] = name
    return found


def _day(value: Any, line: int) -> date:
    try:
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        day = value if is_day else read_day(str(value), None)
    except ValueError:
        raise Unreadable(line, f"{brief(value)} is no date") from None
    if not FIRST_MOMENT.date() <= day < LAST_MOMENT.date():
        raise Unreadable(line, f"{day} is no day of a story: it plays between {FIRST_MOMENT.year} and {LAST_MOMENT.year}")
    return day


def _step(row: Said, people: Mapping[str, ScenePerson]) -> SceneStep:
    content = known(row, STEP_KEYS)
    do = content.get("do", Said(None, row.line)).one_of({*LOOKS, *Action}, "action")
    who = _word(content, "as")
    if do != "wait" and who not in people:
        raise Unreadable(row.line, f"{who or 'nobody'} is no person of this scenario")
    if do == "wait" and "at" not in content:
        raise Unreadable(row.line, "wait needs a moment: at")
    given = content.get("with", Said({}, row.line))
    if do in LOOKS and given.value:
        raise Unreadable(given.line, f"{do} stores nothing: it takes no with")
    for text in _texts(row):
        _check_numbered(text)
    return SceneStep(
        line=row.line,
        at=_moment(content["at"]) if "at" in content else None,
        who=who,
        do=do,
        on=_word(content, "on"),
        content=Said(given.rows, given.line).plain if given.value is not None else {},
        repeat=_count(content.get("repeat", Said(1, row.line)), "repeat", 1, MOST_REPEATS),
        id=_word(content, "id"),
        expect=check_expected(content.get("expect", Said("done", row.line)), do),
        version=_count(content["version"], "version", 0, 2**31 - 1) if "version" in content else None,
        operation=_word(content, "operation"),
    )


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


def numbered(text: str, number: int) -> str:
    """Write the number of a repeat where the story has {n}."""
    return NUMBERED.sub(lambda found: f"{number:{found[1] or ''}}", text)


def _check_names(steps: list[SceneStep], people: Mapping[str, ScenePerson]) -> None:
    """Check that whatever a step is on was named by an earlier one."""
    if not steps:
        raise Unreadable(1, "a story without steps proves nothing")
    if sum(step.repeat for step in steps) > MOST_PLAYED:
        raise Unreadable(1, f"a story has at most {MOST_PLAYED} steps, repeats counted")
    made: set[str] = set()
    for step in steps:
        for number in range(1, step.repeat + 1):
            alias, _, part = numbered(step.on, number).partition(".")
            is_person = part == "finding" and alias in people
            if alias and alias not in made and not is_person:
                raise Unreadable(step.line, f"{brief(alias)} is no id of an earlier step")
            if part and part not in PARTS_OF:
                raise Unreadable(step.line, f"{brief(part)} is no part of a case: {', '.join(sorted(PARTS_OF))}")
            for name in [numbered(name, number) for name in _named_by(step)]:
                if name in made and step.expect == "done":
                    raise Unreadable(step.line, f"{brief(name)} is the id of an earlier step or row")
                made.add(name)


def _named_by(step: SceneStep) -> Iterator[str]:
    """Return the names that a step gives: its own, and those of the rows that it stores."""
    if step.id:
        yield step.id
    for rows in step.content.values():
        for row in rows if isinstance(rows, list) else [rows]:
            if isinstance(row, Mapping) and isinstance(row.get("id"), str):
                yield row["id"]
