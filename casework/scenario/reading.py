"""Reads a scenario file strictly: every fault names its line."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from casework.input.dates import read_day
from casework.input.screening import Screened, screen
from casework.scenario.contents import Cast
from casework.scenario.expecting import check_report
from casework.scenario.naming import check_story
from casework.scenario.never import check_figures
from casework.scenario.nodes import Said, Unreadable, brief, read_nodes, words
from casework.scenario.scene import Scene, SceneAgency, ScenePerson
from casework.scenario.steps import FIRST_MOMENT, LAST_MOMENT, known, read_step
from permissions.bases import BASES, GROUPS, may_ever_share
from permissions.services import RolesMayNotMeet, check_roles, folded
from permissions.vocabulary import SYSTEM_ROLES, AgencyKind, Role

FILE_KEYS = frozenset({"title", "agencies", "people", "agreements", "confirmed", "calendar", "steps", "report"})
LONGEST_KEY = 80
ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
"""Scripts with letters that look like those of another, as Unicode begins their names."""
NAME = re.compile(r"[^\W_][\w -]*")


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
    people: dict[str, ScenePerson] = {}
    for name, row in content["people"].rows.items():
        people[key(name, row)] = _person(name, row, agencies, people)
    report = content.get("report", Said({}, 0))
    check_report(report)
    check_figures(report)
    if without_steps:
        _check_named_apart(content)
    cast = Cast(people, agencies)
    steps = [read_step(row, cast) for row in content["steps"].items] if "steps" in content else []
    if not without_steps:
        check_story(steps, people, [one.name for one in agencies.values()])
    return Scene(
        title=_shown_name(content["title"], "a title") if "title" in content else path.stem,
        agencies=agencies,
        people=people,
        agreements=_agreements(content.get("agreements"), agencies),
        calendar=_calendar(content.get("calendar")),
        steps=steps,
        report=report.plain,
        report_line=report.line,
        confirmed=_confirmed(content.get("confirmed"), agencies, people),
    )


def _check_named_apart(content: Mapping[str, Said]) -> None:
    """Refuse that an installation agrees or confirms everything in a word, as a story may."""
    for name in ("agreements", "confirmed"):
        if name in content and content[name].value == "all":
            raise Unreadable(content[name].line, f"all is a word of stories: an installation names each of {name}")


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
    name = _shown_name(content["name"], "the name of an agency")
    controller = _shown_name(content["controller"], "a controller") if "controller" in content else name
    return SceneAgency(kind, name, controller)


def _each_once(row: Said, agencies: Mapping[str, SceneAgency]) -> None:
    called: dict[str, str] = {}
    for name, agency in agencies.items():
        written = folded(agency.name)
        if written in called:
            line = row.rows[name].line
            raise Unreadable(line, f"{name} and {called[written]} are two agencies of one name: {agency.name}")
        called[written] = name


def _person(name: str, row: Said, agencies: Mapping[str, SceneAgency], earlier: Mapping[str, ScenePerson]) -> ScenePerson:
    content = known(row, frozenset({"name", "agency", "roles", "person"}))
    if name in set(SYSTEM_ROLES):
        raise Unreadable(row.line, f"{name} is the name of a system actor")
    agency = content.get("agency", Said(None, row.line)).one_of(agencies, "agency of this scenario")
    given = content.get("roles", Said([], row.line))
    roles = tuple(Role(role.one_of(set(Role), "role")) for role in given.items)
    try:
        check_roles(roles)
    except RolesMayNotMeet as error:
        raise Unreadable(given.line, str(error)) from None
    if "person" in content:
        return _other_membership(content, agency, roles, earlier)
    _each_of(given, set(Role), "role")
    return ScenePerson(_shown_name(content["name"], "a name") if "name" in content else name, agency, roles)


def _other_membership(
    content: Mapping[str, Said], agency: str, roles: tuple[Role, ...], earlier: Mapping[str, ScenePerson]
) -> ScenePerson:
    """Return another membership of somebody who is named above it."""
    first = {name for name, one in earlier.items() if not one.person}
    person = content["person"].one_of(first, "person who is named above with a membership of their own")
    if "name" in content:
        raise Unreadable(content["name"].line, f"{person} has a name already")
    theirs = {one.agency for name, one in earlier.items() if person in {name, one.person}}
    if agency in theirs:
        raise Unreadable(content["agency"].line, f"{person} has a membership of {agency} already")
    return ScenePerson(earlier[person].name, agency, roles, person)


def _agreements(said: Said | None, agencies: Mapping[str, SceneAgency]) -> list[tuple[str, str, tuple[str, ...]]] | None:
    if said is None or said.value == "all":
        return None
    found = [_agreement(row, agencies) for row in said.items]
    pairs = [(sender, receiver) for sender, receiver, _ in found]
    for row, pair in zip(said.items, pairs, strict=True):
        if pairs.count(pair) > 1:
            raise Unreadable(row.line, f"{pair[0]} and {pair[1]} have two agreements: one names all field groups")
    return found


def _agreement(row: Said, agencies: Mapping[str, SceneAgency]) -> tuple[str, str, tuple[str, ...]]:
    content = known(row, frozenset({"from", "to", "groups"}))
    sender, receiver = (
        content.get(name, Said(None, row.line)).one_of(agencies, "agency of this scenario") for name in ("from", "to")
    )
    if sender == receiver:
        raise Unreadable(row.line, f"{sender} shares with itself: an agreement is between two agencies")
    kinds = [agencies[name].kind for name in (sender, receiver)]
    if not may_ever_share(*kinds):
        raise Unreadable(
            row.line, f"no basis carries anything from {kinds[0]} to {kinds[1]}: an agreement would carry nothing"
        )
    fields = {group for kind in GROUPS.values() for group in kind}
    groups = _each_of(content["groups"], fields, "field group") if "groups" in content else ()
    if not groups:
        raise Unreadable(row.line, "an agreement names the field groups that may go: groups")
    return sender, receiver, groups


def _confirmed(
    said: Said | None, agencies: Mapping[str, SceneAgency], people: Mapping[str, ScenePerson]
) -> list[tuple[str, tuple[str, ...], str]] | None:
    if said is None or said.value == "all":
        return None
    found = [_confirmation(row, agencies, people) for row in said.items]
    for row, one in zip(said.items, found, strict=True):
        if [agency for agency, _, _ in found].count(one[0]) > 1:
            raise Unreadable(row.line, f"{one[0]} confirms twice: once names all bases")
    return found


def _confirmation(
    row: Said, agencies: Mapping[str, SceneAgency], people: Mapping[str, ScenePerson]
) -> tuple[str, tuple[str, ...], str]:
    content = known(row, frozenset({"agency", "bases", "by"}))
    agency = content.get("agency", Said(None, row.line)).one_of(agencies, "agency of this scenario")
    officers = {name for name, one in people.items() if one.agency == agency and Role.PRIVACY_OFFICER in one.roles}
    officer = content.get("by", Said(None, row.line)).one_of(officers, f"privacy officer of {agency}")
    said = content.get("bases", Said("all", row.line))
    if said.value == "all":
        return agency, tuple(BASES), officer
    sends = {code for code, basis in BASES.items() if agencies[agency].kind in basis.senders}
    return agency, _each_of(said, sends, f"basis on which {agency} may send"), officer


def _each_of(said: Said, codes: Collection[str], what: str) -> tuple[str, ...]:
    """Return the codes of a list in which none stands twice."""
    found: list[str] = []
    for one in said.items:
        code = one.one_of(codes, what)
        if code in found:
            raise Unreadable(one.line, f"{code} stands twice")
        found.append(code)
    return tuple(found)


def _calendar(said: Said | None) -> dict[date, str]:
    if said is None or said.value is None:
        return {}
    if isinstance(said.value, list):
        rows = [(_day(one.value, one.line), "decree", one.line) for one in said.value]
    else:
        rows = [(_day(name, row.line), _shown_name(row, "the name of a day"), row.line) for name, row in said.rows.items()]
    found: dict[date, str] = {}
    for day, name, line in rows:
        if day in found:
            raise Unreadable(line, f"{day} stands twice in the calendar")
        found[day] = name
    return found


def _shown_name(said: Said, what: str) -> str:
    """Return a name that pages show: nothing that leads elsewhere, and no word of two scripts, which looks like another."""
    name = words(said, what)
    try:
        screen(name)
    except Screened as found:
        raise Unreadable(said.line, f"{brief(found.span)} can be stored nowhere, and not in {what}") from None
    for word in name.split():
        if len({unicodedata.name(letter, "").split(" ")[0] for letter in word} & ALIKE) > 1:
            raise Unreadable(said.line, f"{brief(word)} has letters of two scripts: it would look like another word")
    return name


def _day(value: Any, line: int) -> date:
    try:
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        day = value if is_day else read_day(str(value), None)
    except ValueError:
        raise Unreadable(line, f"{brief(value)} is no date") from None
    if not FIRST_MOMENT.date() <= day < LAST_MOMENT.date():
        raise Unreadable(line, f"{day} is no day of a story: it plays between {FIRST_MOMENT.year} and {LAST_MOMENT.year}")
    return day
