"""What a row of the worklist says of the thing that waits, and whom and where its case concerns."""

from dataclasses import dataclass
from uuid import UUID

from casework.selectors.closed_steps import UNDECIDED, Decided


@dataclass(frozen=True, slots=True)
class SaidTrack:
    """What a row says of a track."""

    id: UUID
    kind: str
    state: str
    submitted_by: int | None
    editor: int | None
    is_unconsented: bool
    decided: Decided = UNDECIDED
    """What a stored decision makes of its steps: no row names as its next step what would be refused."""


@dataclass(frozen=True, slots=True)
class SaidHandoff:
    """What a row says of a handoff."""

    id: UUID
    number: str
    kind: str
    state: str
    is_acute: bool
    sender: int
    editor: int | None
    sender_name: str
    receiver_name: str


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody of a record, by name."""

    role: str
    given_names: str
    infix: str
    family_name: str


@dataclass(frozen=True, slots=True)
class Place:
    """An address of a record, and whether it is secret."""

    street: str
    number: str
    postcode: str
    town: str
    country: str
    is_secret: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is named on a case."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of the thing that waits; each kind says a part of it."""

    track: SaidTrack | None = None
    handoff: SaidHandoff | None = None
    report: SaidHandoff | None = None
    """The concern report that is being made in the case."""
    person: NamedPerson | None = None
    """Whom a term is about."""
    is_acute: bool = False
    name: str | None = None
    kind: str = ""
    action: str = ""
    asked_by: int | None = None
    reference: str = ""

    @property
    def thing(self) -> SaidTrack | SaidHandoff | None:
        """Return the track or the handoff that the row is of."""
        return self.track or self.handoff


NOTHING = Said()
