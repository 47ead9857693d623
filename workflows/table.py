"""A workflow is a table of steps; this module reads one strictly and answers what a step would do."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from permissions.vocabulary import Action
from workflows.causes import SAID, Cause
from workflows.facts import SHARED

ENDS = frozenset({"sender", "receiver", "courier", "scheduler"})


class LawError(Exception):
    """A table of the law cannot be read; the text names the line."""


class NotNow(Exception):  # noqa: N818 - the errors of the domain are one word each (docs/architecture.md)
    """The person may do this, but not now: the workflow has no such step from this state, or another cause says so."""

    def __init__(self, state: str | None, action: Action, cause: Cause = Cause.NO_STEP) -> None:
        """Hold the state in which the action was tried, where the cause is about one, and the cause."""
        said = f"{action} is not possible in state {state}" if cause is Cause.NO_STEP else f"{action}: {SAID[cause]}"
        super().__init__(said)
        self.state = state
        self.action = action
        self.cause = cause


class Incomplete(Exception):  # noqa: N818 - see NotNow
    """The step exists, and facts that it rests on are not stored yet."""

    def __init__(self, missing: Iterable[str]) -> None:
        """Store the names of the missing facts, in table order."""
        self.missing = tuple(missing)
        super().__init__("missing: " + ", ".join(self.missing))


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a workflow table."""

    source: str
    action: Action
    target: str
    needs: tuple[str, ...]
    by: str | None = None


def parse(table: str, own: str = "") -> tuple[Step, ...]:
    """Read the rows of a table; an unknown word, a short row or a second answer is a LawError that names its line.

    `own` names the facts that no other table needs.
    """
    lines = [(number, line) for number, line in enumerate(table.splitlines(), 1) if line.strip()]
    if not lines:
        raise LawError("the table is empty")
    header = lines[0][1].split()
    if header[:4] != ["from", "on", "to", "needs"]:
        raise LawError(f"line {lines[0][0]}: the header must read from, on, to, needs")
    facts = {*SHARED, *own.split()}
    steps = tuple(_row(number, line, facts, has_by=header[4:] == ["by"]) for number, line in lines[1:])
    if unused := set(own.split()) - {fact for step in steps for fact in step.needs}:
        raise LawError(f"no row needs {', '.join(sorted(unused))}")
    seen: set[tuple[str, Action]] = set()
    for (number, _), step in zip(lines[1:], steps, strict=True):
        if (step.source, step.action) in seen:
            raise LawError(f"line {number}: {step.source} answers {step.action} twice")
        seen.add((step.source, step.action))
    return steps


def _row(number: int, line: str, facts: Collection[str], *, has_by: bool) -> Step:
    words = line.split()
    by: str | None = None
    if has_by:
        by = words.pop()
        if by not in ENDS:
            raise LawError(f"line {number}: {by} is no end of a handoff")
    if len(words) < 4:  # noqa: PLR2004 - from, on, to and at least one need or a dash
        raise LawError(f"line {number}: a row needs from, on, to and needs")
    source, action, target, *needs = words
    if action not in set(Action):
        raise LawError(f"line {number}: {action} is no action")
    if needs == ["-"]:
        needs = []
    for fact in needs:
        if fact not in facts:
            raise LawError(f"line {number}: {fact} is no fact")
    if len(set(needs)) != len(needs):
        raise LawError(f"line {number}: a fact stands twice")
    return Step(source, Action(action), target, tuple(needs), by)


@dataclass(frozen=True)
class Workflow:
    """The states and steps of one track or of a handoff; checked when it is made."""

    name: str
    start: str
    final: frozenset[str]
    steps: tuple[Step, ...]
    rows: Mapping[tuple[str, Action], Step] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse a table with an unreachable state or an open state without exit."""
        object.__setattr__(self, "rows", {(step.source, step.action): step for step in self.steps})
        reached = {self.start}
        while True:
            more = {step.target for step in self.steps if step.source in reached} - reached
            if not more:
                break
            reached |= more
        if lost := {step.source for step in self.steps} - reached:
            raise LawError(f"{self.name}: nothing leads to {', '.join(sorted(lost))}")
        if unknown := self.final - reached:
            raise LawError(f"{self.name}: nothing leads to the final {', '.join(sorted(unknown))}")
        for state in sorted(reached - self.final):
            if not any(step.source == state and step.target != state for step in self.steps):
                raise LawError(f"{self.name}: {state} is open and has no exit")

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in table order."""
        found = dict.fromkeys([self.start])
        for step in self.steps:
            found[step.source] = None
        for step in self.steps:
            found[step.target] = None
        return tuple(found)

    @property
    def open_states(self) -> tuple[str, ...]:
        """The states in which work remains."""
        return tuple(state for state in self.states if state not in self.final)

    @property
    def approved_actions(self) -> frozenset[Action]:
        """The actions for which a second person's approval can be asked."""
        return frozenset(step.action for step in self.steps if {"four_eyes", "other_person"} & set(step.needs))

    def row(self, state: str, action: Action) -> Step:
        """Return the row of the table, or raise NotNow."""
        try:
            return self.rows[state, action]
        except KeyError:
            raise NotNow(state, action) from None

    def step(self, state: str, action: Action, facts: Collection[str]) -> Step:
        """Answer the step from this state on these facts; NotNow or Incomplete otherwise. It changes nothing."""
        step = self.row(state, action)
        missing = [fact for fact in step.needs if fact not in facts]
        if missing:
            raise Incomplete(missing)
        return step

    def actions_from(self, state: str) -> tuple[Action, ...]:
        """Return the actions that the table has from this state, in table order."""
        return tuple(step.action for step in self.steps if step.source == state)

    def mermaid(self) -> str:
        """Draw the table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start}"]
        lines += [f"    {step.source} --> {step.target}: {step.action}" for step in self.steps]
        lines += [f"    {state} --> [*]" for state in sorted(self.final)]
        return "\n".join(lines)
