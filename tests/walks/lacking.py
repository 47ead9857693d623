"""What a step must name when one of its facts is left out."""

from collections.abc import Iterable

ALSO = {
    "visit_date": ("visit_team", "visit_safety_plan"),
    "visit_safety_plan": ("visit_date", "visit_team"),
    "visit_scheduled": ("visit_report",),
    "subject_identified": ("subject_adult",),
}
"""Facts that cannot be there without another: leaving that one out leaves these out too."""


def lacking(fact: str, needs: Iterable[str]) -> tuple[str, ...]:
    """Return what a step must name when this fact is left out, in the order of the table."""
    gone = {fact, *ALSO.get(fact, ())}
    return tuple(need for need in needs if need in gone)
