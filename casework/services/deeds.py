"""What every handler is given, and what it answers."""

from dataclasses import dataclass, field
from uuid import UUID

from casework.inputs import Inputs, Malformed, Values
from permissions.acting import Acting


@dataclass(frozen=True, slots=True)
class Deed:
    """One act to do: on what, with which stored parts, on which version seen."""

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

    def given(self, part: str) -> Values:
        """Return the one part of this name; raises Malformed when it was left out."""
        rows = self.inputs.get(part, ())
        if not rows:
            raise Malformed(part, "text", "required")
        return rows[0]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act: the case, and what it made, by kind."""

    case_id: UUID | None = None
    id: UUID | None = None
    made: dict[str, UUID] = field(default_factory=dict)
