"""Says in words who may do what with a case at a moment, and on which grant that rests: pure, from dated rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from permissions.decision import Decision, Relation, decide
from permissions.grid import Cell
from permissions.reasons import Reason, Rule
from permissions.vocabulary import Action, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A dated row on which access rests, or by which it is barred.

    `kind`: participation (the agency takes part), keeps (it has a track or record), assignment, sender, receiver, emergency,
    wall.
    """

    kind: str
    person: int | None
    agency: int | None
    why: str
    giver: int | None
    since: datetime
    until: datetime | None
    basis: str = ""
    """The legal basis on which it was given."""

    def runs(self, at: datetime) -> bool:
        """Whether it holds at a moment; it ends at the instant of its end."""
        return self.since <= at and (self.until is None or self.until > at)


@dataclass(frozen=True, slots=True)
class Member:
    """A person in one agency, with the roles of a membership that runs at the moment asked about."""

    person: int
    name: str
    agency: int
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether one action may be done, by which row of the matrix, on which grants, and when the first of them ends."""

    action: Action
    decision: Decision
    role: Role | None
    grants: tuple[Grant, ...]

    @property
    def since(self) -> datetime | None:
        """Return since when all that it rests on holds."""
        return max((grant.since for grant in self.grants), default=None)

    @property
    def until(self) -> datetime | None:
        """Return when the first of what it rests on ends, where an end is known."""
        return min((grant.until for grant in self.grants if grant.until), default=None)


def relation_at(member: Member, grants: Iterable[Grant], at: datetime) -> tuple[Relation, list[Grant]]:
    """Return how a member stood to the case at a moment, and the grants that concern them and ran then."""
    mine = [g for g in grants if g.runs(at) and _concerns(g, member)]
    kinds = {g.kind for g in mine}
    takes_part = "participation" in kinds
    relation = Relation(
        in_case=takes_part and "keeps" in kinds,
        named=takes_part and "assignment" in kinds,
        walled="wall" in kinds,
        emergency="emergency" in kinds,
        same_agency=takes_part,
        ends_of=frozenset(
            {(end, "delivered" if end == "receiver" else "prepared") for end in ("sender", "receiver") if end in kinds}
            if takes_part
            else ()
        ),
    )
    return relation, mine


def _concerns(grant: Grant, member: Member) -> bool:
    if grant.kind == "wall":
        return grant.person == member.person
    return grant.agency == member.agency and grant.person in {None, member.person}


RESTS_ON: Mapping[Cell, tuple[str, ...]] = MappingProxyType(
    {
        Cell.OWN: ("participation", "keeps"),
        Cell.NAMED: ("participation", "assignment"),
        Cell.END: ("participation", "sender", "receiver"),
        Cell.AGENCY: ("participation",),
    }
)
"""The grants on which a cell of the matrix rests."""


def explain(member: Member, grants: Sequence[Grant], action: Action, at: datetime) -> Explanation:
    """Return whether a member may do an action on the case at a moment, and why: the first role that may, or the last no."""
    relation, mine = relation_at(member, grants, at)
    refusals = [decide(Role.VISITOR, action, relation, at)]
    if relation.walled:
        return Explanation(action, refusals[0], None, tuple(g for g in mine if g.kind == "wall"))
    for role in member.roles:
        decision = decide(role, action, relation, at)
        if decision.allowed:
            return Explanation(action, decision, role, tuple(_resting(decision.reason, mine)))
        refusals.append(decision)
    return Explanation(action, refusals[:2][-1], None, ())


def _resting(reason: Reason, mine: Sequence[Grant]) -> list[Grant]:
    kinds = ("emergency",) if reason.rule is Rule.EMERGENCY else RESTS_ON.get(reason.cell or Cell.NEVER, ())
    return [grant for grant in mine if grant.kind in kinds]
