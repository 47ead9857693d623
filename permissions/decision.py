"""The only decider: who may do what to what, as a pure function with its reason as a code."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from uuid import UUID

from permissions.bases import processing_bases
from permissions.grid import Cell
from permissions.matrix import MATRIX
from permissions.reasons import Reason, Rule
from permissions.vocabulary import CASE_ROLES, SYSTEM_ROLES, Action, AgencyKind, Role


class Refused(Exception):  # noqa: N818 - the errors of the domain are one word each (docs/architecture.md)
    """The law says no; the reason says which rule, and its text never what exists."""

    def __init__(self, reason: Reason) -> None:
        """Store the rule and what it rests on."""
        super().__init__(reason)
        self.reason = reason


class Missing(Refused):
    """There is no such thing within reach of this person: the same answer for hidden and absent."""

    def __init__(self, what: str = "thing", reason: Reason | None = None) -> None:
        """Store which kind of thing was asked for, or the rule that hides it; nobody is told either."""
        super().__init__(reason or Reason(Rule.OUT_OF_REACH, what=what))


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one membership, or a system actor for one agency; `role` is the one an act was signed with."""

    person_id: int
    agency_id: int | None
    kind: AgencyKind | None
    roles: tuple[Role, ...]
    membership_id: UUID | None = None
    name: str = ""
    agency_name: str = ""
    controller: str = ""
    language: str = "nl"

    @property
    def agency(self) -> int:
        """The agency acted for; 0, which no agency has, where there is none."""
        return 0 if self.agency_id is None else self.agency_id

    def __str__(self) -> str:
        """Name the person and the agency acted for."""
        return f"{self.name} ({self.agency_name})"


class Effect(StrEnum):
    """What a decision says."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Decision:
    """The effect and the reason for it: the rule, and the cell of the matrix on which it rests."""

    effect: Effect
    reason: Reason

    @property
    def why(self) -> str:
        """Return the reason in the form in which the trail has it."""
        return str(self.reason)

    @property
    def allowed(self) -> bool:
        """Whether the act may be done."""
        return self.effect is Effect.ALLOW


@dataclass(frozen=True, slots=True)
class Relation:
    """How an actor stands to a case, track or handoff, as found in the same snapshot as the thing itself."""

    in_case: bool = False
    named: bool = False
    owner: bool | None = None
    """On a track: whether the acting agency owns it. None where there is no track."""
    end: str = ""
    """On a handoff: sender, receiver or nothing."""
    state: str = ""
    """On a handoff: its state."""
    walled: bool = False
    emergency: bool = False
    same_agency: bool = False
    same_controller: bool = False
    ends_of: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """On a case: the (end, state) pairs of the handoffs at whose end the acting agency stands."""


DESK_STATES = frozenset({"delivered", "acknowledged", "returned"})
TAKEN_STATES = frozenset({"accepted", "started"})
ENDED_STATES = frozenset({"refused", "withdrawn", "expired"})
RECEIVER_STATES = DESK_STATES | TAKEN_STATES | ENDED_STATES
"""The states in which the receiver may know of a handoff."""
BREAKS_GLASS = frozenset({Action.SEE_CASE, Action.READ_RECORD})


def cells_of(relation: Relation) -> AbstractSet[Cell]:
    """Return the cells that this relation fulfils."""
    cells = {Cell.ALL}
    owns = relation.in_case and relation.owner is not False
    if owns:
        cells.add(Cell.OWN)
    if relation.named and relation.owner is not False and relation.end != "receiver":
        cells.add(Cell.NAMED)
    if relation.end == "sender":
        cells |= {Cell.SENDER, Cell.END}
    if relation.end == "receiver" and relation.state in RECEIVER_STATES:
        cells |= {Cell.RECEIVER, Cell.END}
    if relation.end == "sender" and relation.named:
        cells.add(Cell.NAMED_END)
    if relation.end == "receiver" and (relation.state in DESK_STATES or (relation.named and Cell.RECEIVER in cells)):
        cells.add(Cell.NAMED_END)
    if any(end == "sender" or state in RECEIVER_STATES for end, state in relation.ends_of):
        cells.add(Cell.END)
    if relation.same_agency:
        cells.add(Cell.AGENCY)
    if relation.same_controller:
        cells.add(Cell.CONTROLLER)
    return cells


def decide(role: Role, action: Action, relation: Relation, now: datetime) -> Decision:  # noqa: ARG001 - dated relations
    """Decide by the matrix row of this action for this role; a wall beats every cell.

    `relation` holds what was true at `now` in the snapshot that is read; nothing is cached.
    """
    if relation.walled:
        return Decision(Effect.DENY, Reason(Rule.WALL, action, role))
    cell = MATRIX[action][role]
    if cell is Cell.NEVER:
        return Decision(Effect.DENY, Reason(Rule.NEVER, action, role, cell))
    if relation.emergency and action in BREAKS_GLASS:
        return Decision(Effect.ALLOW, Reason(Rule.EMERGENCY, action, role, cell))
    if cell in cells_of(relation):
        return Decision(Effect.ALLOW, Reason(Rule.CELL, action, role, cell))
    return Decision(Effect.DENY, Reason(Rule.OUTSIDE_CELL, action, role, cell))


def may_approve(person: int, asker: int, editor: int | None) -> bool:
    """Whether a person may give an approval: not of their own request, and not of what they edited last."""
    return person not in {asker, editor}


LOOKS = frozenset({Action.SEE_CASE, Action.READ_RECORD, Action.SEE_HANDOFF, Action.PRINT_CASE})
ON_A_BASIS = frozenset(
    action
    for action in Action
    if any(MATRIX[action][role] is not Cell.NEVER for role in CASE_ROLES - {Role.SUPERVISOR}) and action not in LOOKS
)
"""What people do with data about people: in an agency of a kind that keeps no records, no role has a cell for it.

A look shows what is within reach, which is nothing there; what a supervisor alone does is oversight.
"""


def keeps_no_records(actor: Actor) -> bool:
    """Whether this person acts for a kind of agency that no row of the bases names; False for a system actor."""
    return actor.kind is not None and not processing_bases(actor.kind)


def roles_for(actor: Actor, action: Action) -> tuple[Role, ...]:
    """Return the actor's roles that have a cell for this action, in column order; an act tries them one by one."""
    if action in ON_A_BASIS and keeps_no_records(actor):
        return ()
    return tuple([role for role in _having(action) if role in actor.roles])


@cache
def _having(action: Action) -> tuple[Role, ...]:
    """Return the roles that have a cell for this action, in column order."""
    return tuple(role for role in Role if MATRIX[action][role] is not Cell.NEVER)


BREADTH = (Cell.ALL, Cell.OWN, Cell.END, Cell.AGENCY)
"""The cells that show the most of a list, the widest first; every other cell is narrower."""


def for_lists(actor: Actor, action: Action, chosen: str = "") -> Actor:
    """Return the actor in one role, for a list: the chosen one where they have it, else the one that sees most.

    A list is what one role sees; who has several roles looks at one after the other.
    """
    roles = roles_for(actor, action)
    if not roles:
        return actor
    widest = min(roles, key=lambda role: BREADTH.index(cell) if (cell := MATRIX[action][role]) in BREADTH else len(BREADTH))
    return replace(actor, roles=(next((role for role in roles if role == chosen), widest),))


@cache
def roles_with(action: Action, *cells: Cell) -> tuple[Role, ...]:
    """Return the roles whose cell for this action is one of these: what row policies are generated from."""
    return tuple(role for role in Role if MATRIX[action][role] in cells)


WORKING = (
    *roles_with(Action.READ_RECORD, *(cell for cell in Cell if cell is not Cell.NEVER)),
    *roles_with(Action.SEE_ACCESS_LOG, Cell.NAMED),
)
"""Roles in which somebody who is named on a case can do anything with it."""
SEEING_NO_CASE = tuple(role for role in Role if role not in SYSTEM_ROLES and MATRIX[Action.SEE_CASE][role] is Cell.NEVER)
"""Roles of people that see no case at all: what they do to one, they do for the agency that takes part in it."""
