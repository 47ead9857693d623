"""Reads a scenario file strictly: every fault names its line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from permissions.bases import BASES
from permissions.services import RolesMayNotMeet, check_roles
from permissions.vocabulary import Action, AgencyKind, Role

LOCAL = ZoneInfo("Europe/Amsterdam")
LOOKS = frozenset({"look", "list", "count", "log", "wait"})
OUTCOMES = frozenset({"done", "refused", "not_now", "incomplete", "stale", "not_found", "malformed"})
STEP_KEYS = frozenset({"at", "as", "do", "on", "with", "repeat", "id", "expect", "version", "operation"})
FILE_KEYS = frozenset({"title", "agencies", "people", "agreements", "confirmed", "calendar", "steps"})
MOST_REPEATS = 5000
LINE = "__line__"


class Unreadable(Exception):  # noqa: N818 - read aloud as the sentence it is
    """The file is no scenario; the text names the line."""


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
    confirmed: list[tuple[str, tuple[str, ...], str]] | None = None
    """Which bases an agency's privacy officer confirmed, and who that is; all of them where the file says nothing."""
    steps: list[SceneStep] = field(default_factory=list)


class _Loader(yaml.SafeLoader):
    """Keeps the line of every mapping; only true and false are truth values, so that `on` and `no` stay words."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the library's own attribute
        first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:bool"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    answer: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        answer[key] = loader.construct_object(value_node, deep=True)
    answer[LINE] = node.start_mark.line + 1
    return answer


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(path: Path, *, without_steps: bool = False) -> Scene:
    """Read a file; raises Unreadable. Agencies and people alone are read with `without_steps`."""
    try:
        content = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable(f"line {mark.line + 1 if mark else 1}: {getattr(error, 'problem', 'no YAML')}") from error
    if not isinstance(content, dict):
        raise Unreadable("line 1: a scenario is a mapping with agencies, people and steps")
    _known(content, FILE_KEYS)
    for name in ("agencies", "people", "steps"):
        if name not in content and not (name == "steps" and without_steps):
            raise Unreadable(f"line 1: {name} is missing")
    agencies = {name: _agency(row) for name, row in _rows(content["agencies"])}
    people = {name: _person(row, agencies) for name, row in _rows(content["people"])}
    calendar = content.get("calendar", {}) or {}
    if isinstance(calendar, list):
        calendar = dict.fromkeys(calendar, "decree")
    return Scene(
        title=str(content.get("title", path.stem)),
        agencies=agencies,
        people=people,
        agreements=_agreements(content.get("agreements"), agencies),
        confirmed=_confirmed(content.get("confirmed"), agencies, people),
        calendar={day: str(name) for day, name in calendar.items() if day != LINE and isinstance(day, date)},
        steps=[_step(row, people) for row in content.get("steps") or ()],
    )


def _rows(content: Any) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(content, dict):
        raise Unreadable("line 1: agencies and people are mappings")
    line = content[LINE]
    for name, row in content.items():
        if name != LINE and not isinstance(row, dict):
            raise Unreadable(f"line {line}: {name} is no mapping")
    return [(str(name), row) for name, row in content.items() if name != LINE]


def _known(row: dict[str, Any], keys: frozenset[str]) -> None:
    if extra := set(row) - keys - {LINE}:
        raise Unreadable(f"line {row[LINE]}: {min(map(str, extra))} is no word here")


def _agency(row: dict[str, Any]) -> SceneAgency:
    _known(row, frozenset({"kind", "name", "controller"}))
    try:
        kind = AgencyKind(row.get("kind", ""))
    except ValueError:
        raise Unreadable(f"line {row[LINE]}: {row.get('kind')} is no kind of agency") from None
    name = str(row.get("name", ""))
    if not name:
        raise Unreadable(f"line {row[LINE]}: an agency needs a name")
    return SceneAgency(kind, name, str(row.get("controller", name)))


def _person(row: dict[str, Any], agencies: dict[str, SceneAgency]) -> ScenePerson:
    _known(row, frozenset({"name", "agency", "roles"}))
    if row.get("agency") not in agencies:
        raise Unreadable(f"line {row[LINE]}: {row.get('agency')} is no agency of this scenario")
    try:
        roles = tuple(Role(role) for role in row.get("roles", ()))
        check_roles(roles)
    except (ValueError, RolesMayNotMeet) as error:
        raise Unreadable(f"line {row[LINE]}: {error}") from None
    return ScenePerson(str(row.get("name", "")), str(row["agency"]), roles)


def _agreements(
    content: Any,
    agencies: dict[str, SceneAgency],
) -> list[tuple[str, str, tuple[str, ...]]] | None:
    if content in (None, "all"):
        return None
    answer = []
    for row in content:
        if not isinstance(row, dict) or row.get("from") not in agencies or row.get("to") not in agencies:
            raise Unreadable(
                f"line {row.get(LINE, 1) if isinstance(row, dict) else 1}: an agreement is from and to an agency"
            )
        answer.append((row["from"], row["to"], tuple(row.get("groups", ()))))
    return answer


def _confirmed(
    content: Any,
    agencies: dict[str, SceneAgency],
    people: dict[str, ScenePerson],
) -> list[tuple[str, tuple[str, ...], str]] | None:
    if content in (None, "all"):
        return None
    answer = []
    for row in content if isinstance(content, list) else [content]:
        if not isinstance(row, dict) or row.get("agency") not in agencies:
            raise Unreadable(f"line {row[LINE] if isinstance(row, dict) else 1}: a confirmation is of an agency")
        _known(row, frozenset({"agency", "bases", "by"}))
        codes = tuple(BASES) if row.get("bases") == "all" else tuple(map(str, row.get("bases") or ()))
        if unknown := set(codes) - set(BASES):
            raise Unreadable(f"line {row[LINE]}: {min(unknown)} is no basis")
        person = people.get(str(row.get("by")))
        if person is None or person.agency != row["agency"] or Role.PRIVACY_OFFICER not in person.roles:
            raise Unreadable(f"line {row[LINE]}: {row.get('by')} is no privacy officer of {row['agency']}")
        answer.append((row["agency"], codes, str(row["by"])))
    return answer


def _step(row: Any, people: dict[str, ScenePerson]) -> SceneStep:
    if not isinstance(row, dict):
        raise Unreadable("a step is a mapping")
    line = row[LINE]
    _known(row, STEP_KEYS)
    do = row.get("do")
    if do not in LOOKS and do not in set(Action):
        raise Unreadable(f"line {line}: {do} is no action")
    who = str(row.get("as", ""))
    if do != "wait" and who not in people:
        raise Unreadable(f"line {line}: {who or 'nobody'} is no person of this scenario")
    repeat = row.get("repeat", 1)
    if not isinstance(repeat, int) or not 1 <= repeat <= MOST_REPEATS:
        raise Unreadable(f"line {line}: repeat is a number from 1 to {MOST_REPEATS}")
    return SceneStep(
        line=line,
        at=_moment(row.get("at"), line),
        who=who,
        do=str(do),
        on=str(row.get("on", "") or ""),
        content=_plain(row.get("with") or {}),
        repeat=repeat,
        id=str(row.get("id", "") or ""),
        expect=_expected(row.get("expect", "done"), str(do), line),
        version=row.get("version"),
        operation=str(row.get("operation", "") or ""),
    )


def _expected(expect: Any, do: str, line: int) -> Any:
    plain = _plain(expect)
    if isinstance(plain, str) and plain not in OUTCOMES:
        raise Unreadable(f"line {line}: {plain} is no outcome")
    if isinstance(plain, dict) and do not in LOOKS and set(plain) != {"incomplete"}:
        raise Unreadable(f"line {line}: an act ends in one word, or in incomplete with its missing facts")
    return plain


def _plain(value: Any) -> Any:
    """Return the value without the line marks."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if key != LINE}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def _moment(value: Any, line: int) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LOCAL).astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, 9, tzinfo=LOCAL).astimezone(UTC)
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise Unreadable(f"line {line}: {value} is no moment") from None
    return found if found.tzinfo else found.replace(tzinfo=LOCAL).astimezone(UTC)
