"""What every handler is given, and what it answers."""

from dataclasses import dataclass, field
from uuid import UUID

from casework.input.read import Inputs, Malformed, Values
from permissions.acting import Acting
from permissions.models import Membership


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """One act to do: on what, with which parts as they were read, and which version the person saw."""

    act: Acting
    on: UUID | None
    inputs: Inputs
    version: int | None

    @property
    def target(self) -> UUID:
        """Return the id that is acted on; raises Malformed when there is none."""
        if self.on is None:
            raise Malformed("on", "", "required")
        return self.on

    def member(self, part: str, person_id: int) -> int:
        """Return somebody of the acting agency, who is one or was; raises Malformed alike for a stranger and for nobody."""
        if not Membership.objects.filter(user_id=person_id, agency_id=self.act.actor.agency_id).exists():
            raise Malformed(part, "person", "no_such_member")
        return person_id

    def given(self, part: str) -> Values:
        """Return the one part of this name; raises Malformed when it was left out."""
        rows = self.inputs.get(part, ())
        if not rows:
            raise Malformed(part, "text", "required")
        return rows[0]


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of an act: the case, and what it made, by kind."""

    case_id: UUID | None = None
    id: UUID | None = None
    made: dict[str, UUID] = field(default_factory=dict)
