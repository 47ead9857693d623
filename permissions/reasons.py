"""Why the law says yes or no: a code, what it rests on, and the one table of sentences in which every reader is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from permissions.grid import Cell
from permissions.vocabulary import Action, Role


class Rule(StrEnum):
    """Which rule allows or refuses an act; it is stored, compared and worded as this code."""

    WALL = "wall"
    NEVER = "never"
    EMERGENCY = "emergency"
    CELL = "cell"
    OUTSIDE_CELL = "outside_cell"
    NO_CELL = "no_cell"
    NO_RECORDS = "no_records"
    LOCK = "lock"
    IDENTITY = "identity"
    OUT_OF_REACH = "out_of_reach"
    NOT_TO_ONESELF = "not_to_oneself"
    NOT_ABOUT_ONESELF = "not_about_oneself"
    FOUR_EYES = "four_eyes"
    NOT_BY_ASKER = "not_by_asker"
    SECOND_PERSON = "second_person"
    NOT_BY_USER = "not_by_user"
    RAISED_BY_ANOTHER = "raised_by_another"
    NOT_BY_CONCERNED = "not_by_concerned"
    REVIEWED_BY_ANOTHER = "reviewed_by_another"
    OF_A_STEP = "of_a_step"
    BY_DECIDERS = "by_deciders"
    NOT_BY_SUBMITTER = "not_by_submitter"
    BEHIND_WALL = "behind_wall"


SAID: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.WALL: "a wall stands between this person and this case",
        Rule.NEVER: "%(action)s: never for %(role)s",
        Rule.EMERGENCY: "%(action)s: emergency access",
        Rule.CELL: "%(action)s: %(role)s where %(cell)s",
        Rule.OUTSIDE_CELL: "%(action)s: %(role)s only where %(cell)s",
        Rule.NO_CELL: "%(action)s: no role of this membership has a cell",
        Rule.NO_RECORDS: "%(action)s: this kind of agency keeps no records of people",
        Rule.LOCK: "%(action)s: the lock says no",
        Rule.IDENTITY: "the database lets nobody act here: %(what)s",
        Rule.OUT_OF_REACH: "no such %(what)s within reach",
        Rule.NOT_TO_ONESELF: "%(action)s: nobody grants to themselves",
        Rule.NOT_ABOUT_ONESELF: "%(action)s: nobody changes what they are themselves; a colleague does",
        Rule.FOUR_EYES: "%(action)s: never by the person who asked, nor by the last editor",
        Rule.NOT_BY_ASKER: "%(action)s: never confirmed by the person who asked",
        Rule.SECOND_PERSON: "%(action)s: the second person is another than the one who asked",
        Rule.NOT_BY_USER: "%(action)s: never by its user",
        Rule.RAISED_BY_ANOTHER: "%(action)s: another raises what concerns oneself",
        Rule.NOT_BY_CONCERNED: "%(action)s: never by the person whom it concerns",
        Rule.REVIEWED_BY_ANOTHER: "%(action)s: another reviews what one looked at oneself",
        Rule.OF_A_STEP: "%(action)s: what a step stored is corrected by who may take that step",
        Rule.BY_DECIDERS: "%(action)s: an earlier warning is answered by who decides on a visit",
        Rule.NOT_BY_SUBMITTER: "%(action)s: not by the person who submitted",
        Rule.BEHIND_WALL: "%(action)s: this person stands behind a wall in this case; lift the wall first",
    }
)
"""One sentence a rule; the trail holds it with the codes, a person reads it translated and with their words."""

CELLS: Mapping[Cell, str] = MappingProxyType(
    {
        Cell.OWN: "the organisation has a part of its own in the case",
        Cell.NAMED: "named on the case",
        Cell.END: "the organisation is an end of a handoff",
        Cell.SENDER: "the organisation is the sender",
        Cell.RECEIVER: "the organisation is the receiver",
        Cell.NAMED_END: "named on the case at an end of the handoff",
        Cell.AGENCY: "it concerns the organisation itself",
        Cell.CONTROLLER: "it concerns an organisation of the same controller",
        Cell.ALL: "anywhere",
        Cell.NEVER: "nowhere",
    }
)
"""What a cell of the matrix says, as the end of a sentence."""

UNTOLD = frozenset({Rule.WALL, Rule.LOCK, Rule.IDENTITY, Rule.OUT_OF_REACH})
"""Rules that are not told to the person whom they refuse: each of them says what exists, or how the lock is made."""


@dataclass(frozen=True, slots=True)
class Reason:
    """The rule by which something may be done or not, and what of the matrix it rests on."""

    rule: Rule
    action: Action | None = None
    role: Role | None = None
    cell: Cell | None = None
    what: str = ""
    """Of what is out of reach: its kind. Of an identity: what the database said of it."""

    def __str__(self) -> str:
        """Say it with the codes themselves, in one language for ever: so it stands on the trail and in logs."""
        return SAID[self.rule] % {"action": self.action, "role": self.role, "cell": self.cell, "what": self.what}

    @property
    def is_told(self) -> bool:
        """Whether the person whom it refuses is told which rule it was."""
        return self.rule not in UNTOLD
