"""Which method reads each fact: a decorator registers it; any other fact holds when a row of its name is stored."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from casework.input.fact_parts import FACT_PARTS
from permissions.bases import LIMITS
from workflows.table import LawError, Workflow
from workflows.tracks import FACTS

Method = TypeVar("Method", bound=Callable[[Any], bool])


class Told:
    """A registry of the facts of one kind of thing that are derived from other rows, each with the method that reads it."""

    def __init__(self, of: str, words: Collection[str]) -> None:
        """Start empty; `words` are the facts that may be registered."""
        self.of = of
        self.words = frozenset(words)
        self.methods: dict[str, Callable[[Any], bool]] = {}

    def __call__(self, fact: str) -> Callable[[Method], Method]:
        """Register a method as the reader of this fact."""

        def declare(method: Method) -> Method:
            if fact not in self.words:
                raise LawError(f"{self.of}: {method.__qualname__} tells of {fact}, which is no fact")
            if fact in self.methods:
                raise LawError(f"{self.of}: two methods tell of {fact}")
            self.methods[fact] = method
            return method

        return declare

    @property
    def facts(self) -> frozenset[str]:
        """Return the facts that are read here, or stored as a part of their own name."""
        return frozenset(FACT_PARTS) | frozenset(self.methods)


tells_of_track = Told("track", FACTS)
tells_of_handoff = Told("handoff", FACTS)
tells_of_limit = Told("limits of a basis", ("confirmed", *LIMITS))


def check_needs(workflow: Workflow, told: Collection[str]) -> None:
    """Raise LawError where a step needs a fact that nothing reads or stores."""
    if lost := {fact for step in workflow.steps for fact in step.needs} - set(told):
        raise LawError(f"{workflow.name}: nothing tells of {', '.join(sorted(lost))}")
