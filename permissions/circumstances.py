"""How, from where and for whom somebody acts: what NEN 7513 asks of a line beside who, what and why."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from permissions.matrix import POLICY_VERSION


class Signed(TypedDict):
    """The fields of an identity that say how, from where and for whom (permissions/signing.py)."""

    strength: str
    client: str
    trace: UUID | None
    policy: str
    on_behalf_of: int | None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """From where and for whom somebody acts; without values, the service acts itself and for nobody else."""

    strength: str = "service"
    """How the person signed in: password or two_factor."""
    client: str = ""
    """The address that the request came from."""
    trace: UUID | None = None
    """The request: every act in it carries the same one."""
    on_behalf_of: int | None = None
    """The person whose act the service carries out."""

    def signed_fields(self) -> Signed:
        """Return what is signed of them, with the version of the law in force."""
        return {
            "strength": self.strength,
            "client": self.client,
            "trace": self.trace,
            "policy": POLICY_VERSION,
            "on_behalf_of": self.on_behalf_of,
        }


circumstances: ContextVar[Circumstances] = ContextVar("circumstances", default=Circumstances())  # noqa: B039 - it is frozen
