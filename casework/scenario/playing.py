"""Plays a scenario, step by step, as its people, on its own clock."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from casework.access import Stale, reach_handoff, sees_case, sees_handoff
from casework.inputs import Malformed
from casework.models import DecreedDay
from casework.scenario.backstage import Backstage
from casework.scenario.reading import LOCAL, LOOKS, Scene, SceneStep
from casework.selectors import entries_seen, package_items, read_record, see_case, see_handoff, worklist, worklist_counts
from casework.services import perform
from casework.services.performing import HANDOFF_ACTIONS, OPERATIONS, TRACK_ACTIONS
from casework.work import run_due
from permissions.acting import act, acting_as, scenario_moment
from permissions.decision import Actor, Missing, Refused, for_lists
from permissions.installing import system_actor
from permissions.models import Agency
from permissions.services import NewAgency, NewPerson, agree, agree_all, install
from permissions.vocabulary import Action, Role
from workflows.table import Incomplete, NotNow

BEFORE = timedelta(days=400)
SECOND = timedelta(seconds=1)
MORE = 100
FAR = datetime(9999, 1, 2, tzinfo=UTC)


class Differs(Exception):  # noqa: N818 - read aloud as the sentence it is
    """A step ended otherwise than the scenario says."""

    def __init__(self, step: SceneStep, number: int, expected: object, found: object) -> None:
        """Name the step and the difference."""
        times = f" (time {number})" if step.repeat > 1 else ""
        super().__init__(
            f"line {step.line}: {step.do} by {step.who or 'the clock'}{times}: expected {expected}, but found {found}",
        )


@dataclass
class Player:
    """Plays one scene; `backstage` resolves the names of things without being anybody in the story."""

    scene: Scene
    backstage: Backstage
    actors: dict[str, Actor] = field(default_factory=dict)
    agencies: dict[str, int] = field(default_factory=dict)
    names: dict[str, UUID] = field(default_factory=dict)
    played: int = 0

    def play(self) -> None:
        """Play every step; raises Differs at the first that ends otherwise."""
        first = next((step.at for step in self.scene.steps if step.at), datetime.now(UTC))
        token = scenario_moment.set(first - SECOND)
        try:
            self._set_the_stage(first)
            for step in self.scene.steps:
                for number in range(1, step.repeat + 1):
                    self._move_clock(step.at)
                    self._play(step, number)
                    self._work()
        finally:
            scenario_moment.reset(token)

    def _set_the_stage(self, first: datetime) -> None:
        since = first - BEFORE
        agencies = [NewAgency(row.name, row.kind, row.controller) for row in self.scene.agencies.values()]
        people = [
            NewPerson(name, row.name or name, self.scene.agencies[row.agency].name, row.roles)
            for name, row in self.scene.people.items()
        ]
        self.actors = install(agencies, people, since)
        by_name = dict(Agency.objects.values_list("name", "pk"))
        self.agencies = {name: by_name[row.name] for name, row in self.scene.agencies.items()}
        if self.scene.agreements is None:
            agree_all(since.date())
        for sender, receiver, groups in self.scene.agreements or ():
            agree([(self.agencies[sender], self.agencies[receiver])], since.date(), groups)
        with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.MIGRATE):
            DecreedDay.objects.bulk_create([DecreedDay(day=day, name=name) for day, name in self.scene.calendar.items()])

    def _move_clock(self, at: datetime | None) -> None:
        stood = scenario_moment.get() or datetime.now(UTC)
        moment = max(at, stood + SECOND) if at else stood + SECOND
        run_due(moment, on_scenario_clock=True)
        scenario_moment.set(moment)

    def _work(self) -> None:
        run_due(scenario_moment.get() or datetime.now(UTC), on_scenario_clock=True)

    def _play(self, step: SceneStep, number: int) -> None:
        expected = _fill(step.expect, number)
        if step.do == "wait":
            self.played += 1
            return
        found = self._look(step, number) if step.do in LOOKS else self._act(step, number)
        self.played += 1
        if not _matches(expected, found):
            raise Differs(step, number, expected, found)

    def _act(self, step: SceneStep, number: int) -> object:  # noqa: PLR0911 - one return an outcome
        actor = self.actors[step.who]
        action = Action(step.do)
        on = self.resolve(_fill(step.on, number), action, actor)
        key = _fill(step.operation, number) or f"{step.line}:{number}"
        try:
            content = self._content(_fill(step.content, number))
            operation = uuid5(OPERATIONS, key)
            done = perform(actor, action, on, content, version=step.version, operation=operation)
        except Missing:
            return "not_found"
        except Refused:
            return "refused"
        except NotNow:
            return "not_now"
        except Incomplete as error:
            return {"incomplete": sorted(error.missing)}
        except Stale:
            return "stale"
        except Malformed as error:
            return f"malformed ({error})"
        if step.id and done.id:
            self.names[_fill(step.id, number)] = done.id
        return "done"

    def resolve(self, name: str, action: Action, actor: Actor) -> UUID | None:  # noqa: PLR0911 - one return a kind of thing
        """Return what a name in the story means for this action: a case, a track or a handoff."""
        if not name:
            return None
        alias, _, kind = name.partition(".")
        known = self.names.get(alias)
        if known is None:
            raise Malformed("on", "", "no_such_name", alias)
        if kind:
            return self.backstage.part_of(known, kind, actor.agency_id) or known
        if action in HANDOFF_ACTIONS and action is not Action.PREPARE_HANDOFF:
            return self.backstage.handoff(known) or known
        if action in TRACK_ACTIONS:
            return self.backstage.track_for(known, action, actor.agency_id) or known
        if action in {Action.ASK_APPROVAL, Action.APPROVE}:
            return self.backstage.approvable(known, actor.agency_id) or known
        if action is Action.PREPARE_HANDOFF and self.backstage.is_handoff(known):
            return known
        return self.backstage.case_of(known)

    def _content(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {part: self._part(rows) for part, rows in content.items()}

    def _part(self, rows: Any) -> Any:
        if isinstance(rows, list):
            return [self._part(row) for row in rows]
        if not isinstance(rows, Mapping):
            return rows
        return {name: self._value(name, value) for name, value in rows.items()}

    def _value(self, name: str, value: Any) -> Any:
        if value == "today":
            return (scenario_moment.get() or datetime.now(UTC)).astimezone(LOCAL).date()
        if name == "receiver":
            return self.agencies.get(value, value)
        if name == "reference" and value in self.names:
            return self.backstage.reference_of(self.names[value])
        if name == "person" and value in self.actors:
            return self.actors[value].person_id
        if name in {"case", "note", "person"} and value in self.names:
            return self.names[value]
        return value

    def _look(self, step: SceneStep, number: int) -> object:
        actor = self.actors[step.who]
        on = self.names.get(_fill(step.on, number).partition(".")[0])
        if step.do == "look":
            return self._see(actor, on)
        if step.do == "log":
            return self._log(actor, on)
        try:
            work = self._all_cases if step.do == "list" else self._count
            return act(for_lists(actor, Action.SEE_CASE), Action.SEE_CASE, work)
        except Refused:
            return "refused"

    def _see(self, actor: Actor, on: UUID | None) -> object:
        if on is None:
            return "not_found"
        found: dict[str, object] = {}
        case_id = self.backstage.case_of(on)
        for action, select in ((Action.SEE_CASE, see_case), (Action.READ_RECORD, read_record)):
            try:
                page = act(actor, action, lambda select=select: select(case_id), about=case_id, sees=sees_case(case_id))  # type: ignore[misc]
            except Refused:
                continue
            found["state"] = page.state
            found["tracks"] = {view.track.kind: view.track.state for view in page.tracks}
            if action is Action.READ_RECORD:
                found["sections"] = sorted(name for name, rows in page.sections.items() if rows)
        items = self._items(actor, on)
        if items is not None:
            found["items"] = items
        return found or "not_found"

    def _items(self, actor: Actor, on: UUID) -> list[str] | None:
        answer: list[str] | None = None
        for handoff_id in self.backstage.handoffs_of(on):
            try:
                act(actor, Action.SEE_HANDOFF, lambda one=handoff_id: see_handoff(one), sees=sees_handoff(handoff_id))  # type: ignore[misc]
                items = act(
                    actor,
                    Action.SEE_HANDOFF,
                    lambda one=handoff_id: package_items(reach_handoff(one, Action.SEE_HANDOFF, lock=False).handoff),  # type: ignore[misc]
                )
            except Refused:
                continue
            answer = sorted([*(answer or []), *(f"{item.group}:{item.label}" for item in items)])
        return answer

    def _all_cases(self) -> object:
        back: dict[UUID, str] = {case_id: name for name, case_id in self.names.items()}
        rows: list[str] = []
        names, after = set(), None
        for _ in range(MORE):
            page = worklist(after=after)
            for row in page.rows:
                name = back.get(row.case_id, "?") if row.case_id else "-"
                names.add(name)
                rows.append(f"{row.step.way.verb if row.step.is_mine else 'wait'} {name}")
            after = page.following
            if after is None:
                break
        return {"cases": sorted(names - {"-"}), "rows": rows, "first": rows[0] if rows else ""}

    def _count(self) -> object:
        return {"count": worklist_counts([FAR])[0]}

    def _log(self, actor: Actor, on: UUID | None) -> object:
        case_id = self.backstage.case_of(on) if on else None
        try:
            entries = act(actor, Action.SEE_ACCESS_LOG, lambda: entries_seen([case_id] if case_id else []))
        except Refused:
            return "refused"
        outcomes = Counter(entry.outcome for entry in entries)
        words = Counter(entry.word for entry in entries)
        return {"entries": len(entries), "refused": outcomes["refused"], "words": dict(words)}


def _fill(value: Any, number: int) -> Any:
    """Write the number of a repeat where the scenario has {n}; `{n:03}` and the like work too."""
    if isinstance(value, str):
        return value.format(n=number) if "{n" in value else value
    if isinstance(value, Mapping):
        return {_fill(key, number): _fill(inner, number) for key, inner in value.items()}
    if isinstance(value, list):
        return [_fill(inner, number) for inner in value]
    return value


def _matches(expected: object, found: object) -> bool:
    """Whether what was found is what was expected; a mapping need name only what it cares about, lists are exact."""
    if isinstance(expected, str):
        if isinstance(found, dict):
            return expected == "done" or expected in found
        return found == expected or (isinstance(found, str) and found.split(" ")[0] == expected)
    if isinstance(expected, Mapping):
        if not isinstance(found, Mapping):
            return False
        return all(key in found and _matches(value, found[key]) for key, value in expected.items())
    if isinstance(expected, list):
        return isinstance(found, list) and sorted(map(str, expected)) == sorted(map(str, found))
    return expected == found
