"""What a stored fact says to the clocks: its own name, and what its code means besides (docs/law.md sections 2 and 3)."""

from collections.abc import Mapping
from types import MappingProxyType

_FOUND = ("children_found", "child_check_known")
SAYS: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("child_check", "in_household"): _FOUND,
        ("child_check", "contact"): _FOUND,
        ("child_check", "none"): ("child_check_known",),
        ("child_check", "unknown"): ("child_check_unknown",),
    },
)
UNTIL_ACTED = frozenset({("acute_checked", "yes"), ("welfare_call", "attempted")})
"""What stops no clock though it is stored: a report that proves acute is pressing until somebody acts, and who was not
reached is called again.
"""
CHILDREN_FOUND_CODES = tuple(code for (fact, code), words in SAYS.items() if fact == "child_check" and words == _FOUND)
"""Answers to the child check that say that there are children."""

APPROVED_FIRST = frozenset({"no_concern_report", "handoff_given_up"})
"""Reasons that stop a clock when a second person has approved them; the second only where children were found."""


def words_of(fact: str, code: str) -> tuple[str, ...]:
    """Return the words that this fact says to the clocks."""
    return () if (fact, code) in UNTIL_ACTED else (fact, *SAYS.get((fact, code), ()))
