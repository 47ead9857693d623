"""How, from where and for whom somebody acts: what NEN 7513 asks of a line beside who, what and why."""

from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from permissions.matrix import POLICY_VERSION


@dataclass(frozen=True, slots=True)
class Circumstances:
    """As it stands: the service itself, for nobody else."""

    strength: str = "service"
    """How the person signed in: password or two_factor."""
    client: str = ""
    """The address that the request came from."""
    trace: UUID | None = None
    """The request: every act in it carries the same one."""
    on_behalf_of: int | None = None
    """The person whose act the service carries out."""

    def signed_fields(self) -> list[str]:
        """Return what of this is signed, with the version of the law that holds."""
        return [self.strength, self.client, str(self.trace or ""), POLICY_VERSION, str(self.on_behalf_of or "")]


circumstances: ContextVar[Circumstances] = ContextVar("circumstances", default=Circumstances())  # noqa: B039 - it is frozen
