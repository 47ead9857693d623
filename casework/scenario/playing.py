"""Plays a scenario, step by step, as its people, on its own clock."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from casework.actions.batches import Asked, perform_all
from casework.actions.perform import OPERATIONS, perform
from casework.actions.request import ActionResult
from casework.entries.table import HANDOFF_ACTIONS, TRACK_ACTIONS
from casework.facts.first_steps import Stale
from casework.input.parts import columns_of, parts_for
from casework.input.read import Malformed
from casework.input.schema import Column, Kind
from casework.models import DecreedDay
from casework.scenario.backstage import Backstage
from casework.scenario.expecting import LOOKS, ended_as, matches, word_of
from casework.scenario.looking import Looks, nothing
from casework.scenario.meeting import at_one_moment
from casework.scenario.nodes import numbered
from casework.scenario.scene import Scene, SceneLine, SceneStep
from casework.worker.carry_out import run_due
from permissions.acting import Busy, DrawnElsewhere, acting_as, check_drawn, scenario_moment
from permissions.decision import Actor, Missing, Refused
from permissions.installing import system_actor
from permissions.services import (
    NewAgency,
    NewPerson,
    agencies_by_name,
    agree,
    agree_all,
    confirm,
    confirm_all,
    install,
)
from permissions.vocabulary import Action, Role
from workflows.calendars import day_of
from workflows.table import Incomplete, NotNow

BEFORE = timedelta(days=400)
SECOND = timedelta(seconds=1)
NAMED_ROWS = {"person": "casework_personincase", "note": "casework_note", "premises": "casework_premises"}
"""Parts whose rows a story can name, and where they stand; those that are facts stand in casework_storedfact."""


class Differs(Exception):  # noqa: N818 - read aloud as the sentence it is
    """A step, or the report, ended otherwise than the scenario says."""

    def __init__(self, line: int, what: str, expected: object, found: object) -> None:
        super().__init__(f"line {line}: {what}: expected {expected}, but found {found}")


@dataclass
class Player:
    """Plays one scene; `backstage` resolves the names of things without being anybody in the story."""

    scene: Scene
    backstage: Backstage
    actors: dict[str, Actor] = field(default_factory=dict)
    agencies: dict[str, int] = field(default_factory=dict)
    names: dict[str, UUID] = field(default_factory=dict)
    good: dict[str, tuple[SceneLine, ...]] = field(default_factory=dict)
    """The lines that each dry run called good."""
    played: int = 0

    def play(self) -> None:
        """Play every step; raises Differs at the first that ends otherwise."""
        first = self._beginning()
        token = scenario_moment.set(first - SECOND)
        try:
            self._set_the_stage(first)
            for step in self.scene.steps:
                for number in range(1, step.repeat + 1):
                    self._play(step, number)
        finally:
            scenario_moment.reset(token)

    def _beginning(self) -> datetime:
        """Return when the first step is taken: so many seconds before the first moment that the story says."""
        before = 0
        for step in self.scene.steps:
            if step.at:
                return step.at - before * SECOND
            before += step.repeat
        return datetime.now(UTC)

    def _set_the_stage(self, first: datetime) -> None:
        since = first - BEFORE
        agencies = [NewAgency(row.name, row.kind, row.controller) for row in self.scene.agencies.values()]
        install(agencies, [], since)
        for name, row in self.scene.people.items():
            new = NewPerson(row.person or name, row.name or name, self.scene.agencies[row.agency].name, row.roles)
            self.actors[name] = install([], [new], since)[new.username]
        by_name = agencies_by_name()
        self.agencies = {name: by_name[row.name] for name, row in self.scene.agencies.items()}
        self._confirm()
        if self.scene.agreements is None:
            agree_all(since.date())
        for sender, receiver, groups in self.scene.agreements or ():
            agree([(self.agencies[sender], self.agencies[receiver])], since.date(), groups)
        with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.MIGRATE):
            DecreedDay.objects.bulk_create([DecreedDay(day=day, name=name) for day, name in self.scene.calendar.items()])

    def _confirm(self) -> None:
        """Confirm the bases as the story says, or all of them."""
        if self.scene.confirmed is None:
            confirm_all()
        for agency, codes, officer in self.scene.confirmed or ():
            key = self.agencies[agency]
            confirm({key: codes}, {key: self.actors[officer].person_id})

    def _move_clock(self, at: datetime | None) -> None:
        stood = scenario_moment.get() or datetime.now(UTC)
        moment = max(at, stood + SECOND) if at else stood + SECOND
        run_due(moment, on_scenario_clock=True)
        scenario_moment.set(moment)

    def _work(self) -> None:
        run_due(scenario_moment.get() or datetime.now(UTC), on_scenario_clock=True)

    def _play(self, step: SceneStep, number: int) -> None:
        self.played += 1
        expected = filled(step.expect, number)
        times = f" (time {number})" if step.repeat > 1 else ""
        what = f"{step.do} by {step.who}{times}"
        try:
            self._move_clock(step.at)
            found = self._look(step, number) if step.do in LOOKS else self._act(step, number)
            self._work()
        except Exception as error:
            raise Differs(step.line, what, expected, f"a fault of the software: {type(error).__name__}") from error
        if not ended_as(expected, found, is_look=step.do in LOOKS):
            raise Differs(step.line, what, expected, found)

    def check_report(self, found: Mapping[str, Any]) -> None:
        """Compare the figures that the story expects with those that were counted; raises Differs."""
        if not matches(self.scene.report, found):
            shown = {name: found.get(name) for name in self.scene.report}
            raise Differs(self.scene.report_line, "report", dict(self.scene.report), shown)

    def _act(self, step: SceneStep, number: int) -> object:
        """Do what a step says: one act, a plan of several steps as one act, or acts that meet."""
        if step.meets:
            works = [partial(self._one, one, number, f":{place}") for place, one in enumerate((step, *step.meets))]
            return {"ended": dict(Counter(word_of(end) for end in at_one_moment(works)))}
        return self._plan(step, number) if step.plan or step.good_of else self._one(step, number)

    def _operation(self, step: SceneStep, number: int, place: str = "") -> UUID:
        return uuid5(OPERATIONS, str(filled(step.operation, number) or f"{step.line}:{number}{place}"))

    def _one(self, step: SceneStep, number: int, place: str = "") -> object:
        actor = self.actors[step.who]
        action = Action(step.do)
        operation = self._operation(step, number, place)
        try:
            self._check_drawn(step)
            on = self.resolve(filled(step.on, number), action, actor)
            content, named = self._content(filled(step.content, number), action)
            drawn = step.version is not None
            done = perform(actor, action, on, content, version=step.version, operation=operation, drawn=drawn)
        except ENDED as error:
            return _ending(error)
        self._name(filled(step.id, number), done)
        self._name_rows(named, uuid5(OPERATIONS, f"{actor.person_id}:{actor.agency_id}:{operation}"))
        return "done"

    def _check_drawn(self, step: SceneStep) -> None:
        """Ask what every form is asked: whether it is sent in the membership in which it was drawn."""
        check_drawn(self.actors[step.who], str(self.actors[step.drawn].membership_id) if step.drawn else "")

    def _plan(self, step: SceneStep, number: int) -> object:
        """Carry out all lines of a plan or none; a dry run remembers which of them are good, for who wants only those."""
        actor = self.actors[step.who]
        action = Action(step.do)
        lines = step.plan or self.good[step.good_of]
        try:
            self._check_drawn(step)
            asked = [self._asked(line, number, action, actor) for line in lines]
            operation = self._operation(step, number)
            problems = perform_all(actor, action, asked, operation=operation, dry=step.is_dry)
        except ENDED as error:
            return _ending(error)
        self.good[step.id] = tuple(line for line, problem in zip(lines, problems, strict=True) if problem is None)
        if not any(problems):
            return "done"
        return {"lines": [_ending(problem) if problem else "done" for problem in problems]}

    def _asked(self, line: SceneLine, number: int, action: Action, actor: Actor) -> Asked:
        on = self.resolve(filled(line.on, number), action, actor)
        if on is None:
            raise Malformed("on", "", "required")
        content, _named = self._content(filled(line.content, number), action)
        return Asked(on, content, line.version)

    def _name(self, name: str, done: ActionResult) -> None:
        if name and done.id:
            self.names[name] = done.id

    def _name_rows(self, named: Mapping[str, tuple[str, int]], operation: UUID) -> None:
        """Remember the rows that were stored under a name; a row's id follows from the operation that stored it."""
        for name, (part, place) in named.items():
            made = uuid5(operation, f"{part}:{place}" if part in NAMED_ROWS else f"fact:{part}:{place}")
            if self.backstage.stands(NAMED_ROWS.get(part, "casework_storedfact"), made):
                self.names[name] = made

    def resolve(self, name: str, action: Action, actor: Actor) -> UUID | None:
        """Return what a name in the story means for this action: a case, a track, a handoff or what belongs to one."""
        if not name:
            return None
        alias, _, part = name.partition(".")
        if part == "finding":
            person = self.actors[alias].person_id if alias in self.actors else None
            return self.backstage.finding(self.names.get(alias), person)
        known = self.names.get(alias)
        if known is None:
            raise Malformed("on", "", "no_such_name", alias)
        if part:
            return self.backstage.part_of(known, part, actor.agency_id) or nothing(name)
        return self._fitting(known, action, actor)

    def _fitting(self, known: UUID, action: Action, actor: Actor) -> UUID:
        """Return what of a case this action is for, where the story does not say."""
        found: UUID | None = None
        if action in HANDOFF_ACTIONS:
            found = self.backstage.handoff(known)
        elif action in TRACK_ACTIONS:
            found = self.backstage.track_for(known, action, actor.agency_id)
        elif action in {Action.ASK_APPROVAL, Action.APPROVE}:
            found = self.backstage.approvable(known, actor.agency_id)
        elif action is Action.ANSWER_KNOWN_CHECK:
            found = self.backstage.question(known, actor.agency_id)
        elif action is Action.CLOSE_FINDING:
            found = self.backstage.finding(known, None)
        elif not (action is Action.PREPARE_HANDOFF and self.backstage.is_handoff(known)):
            found = self.backstage.case_of(known)
        return found or known

    def _content(self, content: Mapping[str, Any], action: Action) -> tuple[dict[str, Any], dict[str, tuple[str, int]]]:
        """Return what is given to the act, and the names that the story gives to its rows, each as (part, place)."""
        given: dict[str, Any] = {}
        named: dict[str, tuple[str, int]] = {}
        for part, rows in content.items():
            columns = columns_of(part, action) if part in parts_for(action) else ()
            listed = rows if isinstance(rows, list) else [rows]
            for place, row in enumerate(listed):
                if isinstance(row, Mapping) and "id" in row:
                    named[str(row["id"])] = (part, place)
            read = [self._row(row, {column.name: column for column in columns}) for row in listed]
            given[part] = read if isinstance(rows, list) else read[0]
        return given, named

    def _row(self, row: Any, columns: Mapping[str, Column]) -> Any:
        if not isinstance(row, Mapping):
            return row
        return {name: self._value(columns.get(name), value) for name, value in row.items() if name != "id"}

    def _value(self, column: Column | None, value: Any) -> Any:
        """Return a value of the story as the act reads it: names of people, agencies and rows become what they name."""
        if isinstance(value, list):
            return [self._value(column, one) for one in value]
        if column is None or not isinstance(value, str):
            return value
        meant: dict[Kind, Callable[[str], Any]] = {
            Kind.DATE: self._day,
            Kind.AGENCY: lambda name: self.agencies.get(name, name),
            Kind.AGENCIES: lambda name: self.agencies.get(name, name),
            Kind.MEMBER: lambda name: self.actors[name].person_id if name in self.actors else name,
            Kind.PERSON: lambda name: self.names.get(name, name),
            Kind.CASE: lambda name: self.names.get(name, name),
            Kind.ROW: lambda name: self.names.get(name, name),
            Kind.ITEMS: self._item,
        }
        if column.name == "reference" and value in self.names:
            return self.backstage.reference_of(self.names[value])
        return meant[column.kind](value) if column.kind in meant else value

    def _day(self, value: str) -> Any:
        return day_of(scenario_moment.get() or datetime.now(UTC)) if value == "today" else value

    def _item(self, value: str) -> str:
        """Return the key of one thing that a package can hold, where the story names it; a field group stays as it is."""
        alias, _, part = value.partition(".")
        known = self.names.get(alias)
        return self.backstage.offer(known, contact=part == "contact") if known else value

    def _look(self, step: SceneStep, number: int) -> object:
        if step.do == "wait":
            return "done"
        looks = Looks(self.backstage, self.names)
        return looks.answer(step.do, self.actors[step.who], filled(step.on, number))


ENDED = (Refused, NotNow, Incomplete, Stale, Malformed, Busy, DrawnElsewhere)


def _ending(error: Exception) -> object:
    """Return how an act ended, in the words of a story; of some endings with what is told."""
    if isinstance(error, Incomplete):
        return {"incomplete": sorted(error.missing)}
    if isinstance(error, Malformed):
        return {"malformed": f"{error.part}.{error.column}".strip("."), "why": error.reason}
    if isinstance(error, Stale) and error.first:
        return {"stale": {"who": error.first.who, "action": error.first.action, "state": error.first.state}}
    endings = (
        (Missing, "not_found"),
        (Refused, "refused"),
        (NotNow, "not_now"),
        (Stale, "stale"),
        (Busy, "busy"),
        (DrawnElsewhere, "other_membership"),
    )
    return next(word for kind, word in endings if isinstance(error, kind))


def filled(value: Any, number: int) -> Any:
    """Write the number of a repeat wherever the story has it."""
    if isinstance(value, str):
        return numbered(value, number)
    if isinstance(value, Mapping):
        return {filled(name, number): filled(inner, number) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, number) for inner in value]
    return value
