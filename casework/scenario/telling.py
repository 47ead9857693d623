"""Tells the story of a demo, chapter by chapter, as its people; what was told before is not told twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from casework.actions.perform import OPERATIONS, own_operation
from casework.scenario.contents import Cast
from casework.scenario.days import Days
from casework.scenario.naming import check_story
from casework.scenario.nodes import nodes_of, text_of
from casework.scenario.playing import SECOND, Player, filled
from casework.scenario.scene import Scene, SceneAgency, ScenePerson, SceneStep
from casework.scenario.steps import read_step
from casework.worker.carry_out import run_due
from permissions.acting import scenario_moment
from permissions.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the story with a clock of its own: its steps follow each other in time."""

    name: str
    steps: Sequence[SceneStep]


def read_chapters(path: Path, days: Days, people: Mapping[str, ScenePerson], agencies: Mapping[str, str]) -> list[Chapter]:
    """Read a file of chapters, each a name and its steps, with the days that are counted from today; raises Unreadable."""
    cast = Cast(people, agencies)
    chapters = []
    for name, rows in nodes_of(days.written_in(text_of(path))).rows.items():
        steps = [read_step(row, cast) for row in rows.items]
        check_story(steps, people, agencies.values())
        chapters.append(Chapter(name, steps))
    return chapters


@dataclass
class Teller(Player):
    """Plays the chapters in an installation, where a scenario is played in a database of its own."""

    seed: str = ""
    chapter: str = ""
    position: int = 0
    """Where in the chapter the running step stands."""
    told: dict[UUID, UUID | None] = field(default_factory=dict)
    """What was told before this process began: each operation, and what it made."""

    def tell(self, chapter: Chapter, until: datetime) -> None:
        """Play one chapter, and then what fell due in it; raises Differs at the first step that ends otherwise than done."""
        self.chapter = chapter.name
        self.names = {}
        first = next(step.at for step in chapter.steps if step.at)
        token = scenario_moment.set(first - SECOND)
        try:
            turns = [(at, step, one) for at, step in enumerate(chapter.steps, 1) for one in range(1, step.repeat + 1)]
            told = max((turn for turn, one in enumerate(turns, 1) if self._made(*one) is not None), default=0)
            for turn, (self.position, step, number) in enumerate(turns, 1):
                if turn <= told:
                    self._name_again(step, number)
                else:
                    self._play(step, number)
            run_due(until, on_scenario_clock=True)
        finally:
            scenario_moment.reset(token)

    def _made(self, position: int, step: SceneStep, number: int) -> UUID | None:
        """Return the operation by which a step was told before; None where it was not."""
        self.position = position
        mine = own_operation(self.actors[step.who], self._operation(step, number))
        return mine if mine in self.told else None

    def _name_again(self, step: SceneStep, number: int) -> None:
        """Let what a step made have its names again, where it was told by a process that was stopped.

        A try that was refused left no operation: it was told where a later step was.
        """
        scenario_moment.set(_after(scenario_moment.get(), step.at))
        mine = self._made(self.position, step, number)
        if mine is None:
            return
        made = self.told[mine]
        if step.id and made:
            self.names[str(filled(step.id, number))] = made
        _content, named = self._content(filled(step.content, number), Action(step.do))
        self._name_rows(named, mine)

    def _operation(self, step: SceneStep, number: int, place: str = "") -> UUID:
        return uuid5(OPERATIONS, f"{self.seed}:{self.chapter}:{self.position}:{step.do}:{number}{place}")

    def _move_clock(self, at: datetime | None) -> None:
        """Move on; what fell due meanwhile is carried out where the story says a moment, not at each second."""
        stood = scenario_moment.get()
        moment = _after(stood, at)
        if at and (not stood or at > stood + SECOND):
            run_due(moment, on_scenario_clock=True)
        scenario_moment.set(moment)

    def _work(self) -> None:
        """Leave what this step made due to the next moment that the story says."""


def _after(stood: datetime | None, at: datetime | None) -> datetime:
    """Return the moment of the next step: the second after the one before, or later where the story says so."""
    return max(filter(None, (stood and stood + SECOND, at)))


def scene_of(agencies: Mapping[str, SceneAgency], people: Mapping[str, ScenePerson]) -> Scene:
    """Return the people and agencies of the story as a scene without steps of its own."""
    return Scene(title="demo", agencies=dict(agencies), people=dict(people), agreements=None, calendar={})


def told_before(backstage: Any) -> dict[UUID, UUID | None]:
    """Return which operations stand in this installation, and what each made."""
    return dict(backstage.connection.execute("SELECT id, answered_id FROM casework_operation").fetchall())
