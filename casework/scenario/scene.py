"""What a scenario file says, once it is read: agencies, people, and steps with the lines on which they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from permissions.vocabulary import AgencyKind, Role


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
    person: str = ""
    """The earlier name of the same person, where this is another membership of theirs."""


@dataclass(frozen=True, slots=True)
class SceneLine:
    """One line of a plan: on what, with what, and the version that was seen."""

    line: int
    on: str
    content: Mapping[str, Any]
    version: int | None


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
    drawn: str = ""
    """In whose membership the form was drawn, where that is another than the one in which it is sent."""
    plan: tuple[SceneLine, ...] = ()
    good_of: str = ""
    """The dry run whose good lines, and no others, are carried out."""
    is_dry: bool = False
    meets: tuple["SceneStep", ...] = ()
    """The acts that are done at the same moment."""


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
