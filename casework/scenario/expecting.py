"""What a story may expect of a step, a look or the report, and whether it is what was found."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from casework.codes import LOOK_UPS
from casework.scenario.nodes import Said, Unreadable, brief
from permissions.vocabulary import Action
from workflows.clocks import TERMS
from workflows.facts import FACTS
from workflows.tracks import TRACKS

OUTCOMES = frozenset({"done", "refused", "not_now", "incomplete", "stale", "not_found", "malformed"})
SEEN: Mapping[str, frozenset[str]] = {
    "look": frozenset({"state", "tracks", "sections", "items", "record", "due", "handoff"}),
    "list": frozenset({"cases", "mine", "others", "first"}),
    "count": frozenset({"count"}),
    "log": frozenset({"entries", "refused", "words", "acts"}),
    "wait": frozenset(),
}
"""What each look answers."""
LOOKS = frozenset(SEEN)
INNER: Mapping[str, frozenset[str]] = {
    "tracks": frozenset(TRACKS),
    "due": frozenset(TERMS),
    "words": frozenset({*Action, *LOOK_UPS}),
    "acts": frozenset(Action),
    "record": frozenset({"basis", "wpg_article"}),
    "handoff": frozenset({"kind", "state", "basis", "end", "version", "package", "acute"}),
}
"""The names that may stand within an answer: a misspelt one would otherwise be absent, and so as expected."""
REPORT = frozenset(
    {
        "visits", "warned", "homes_searched", "data_carriers", "arrests", "help_information_given", "tracks", "handoffs",
        "disclosures", "deadlines", "refusals", "entries",
    },
)  # fmt: skip
"""The figures of the report."""


def check_expected(said: Said, do: str) -> Any:
    """Return what a step should end in; raises Unreadable for what no such step can end in."""
    if isinstance(said.value, str):
        return said.one_of(OUTCOMES, "outcome")
    if do not in LOOKS:
        return _check_ending(said)
    for name, inner in said.rows.items():
        if name not in SEEN[do]:
            raise Unreadable(inner.line, f"{do} answers no {brief(name)}")
        if name in INNER and inner.value is not None:
            _check_inner(name, inner)
    return said.plain


def _check_ending(said: Said) -> Any:
    if not isinstance(said.value, Mapping) or set(said.value) != {"incomplete"}:
        raise Unreadable(said.line, "an act ends in one word, or in incomplete with its missing facts")
    for fact in said.value["incomplete"].items:
        fact.one_of(FACTS, "fact")
    return said.plain


def _check_inner(name: str, said: Said) -> None:
    for word, value in said.rows.items():
        if word not in INNER[name]:
            raise Unreadable(value.line, f"{brief(word)} is never among {name}")


def check_report(said: Said) -> None:
    """Check that only figures of the report are expected of it."""
    for name, value in said.rows.items():
        if name not in REPORT:
            raise Unreadable(value.line, f"{brief(name)} is no figure of the report")


def ended_as(expected: object, found: object, *, is_look: bool) -> bool:
    """Whether a step ended as the story says: an act in exactly that word, a look in an answer that holds what is named."""
    if not isinstance(expected, str):
        return matches(expected, found)
    if isinstance(found, Mapping):
        return expected == ("done" if is_look else "incomplete")
    return expected == str(found).split(" ", maxsplit=1)[0]


def matches(expected: object, found: object) -> bool:
    """Whether what was found is what was expected.

    A mapping need name only what it cares about; nothing (null) means that the name is absent, zero that it is absent or
    zero; lists are exact, in any order.
    """
    if isinstance(expected, Mapping):
        return isinstance(found, Mapping) and all(_holds(value, found.get(name)) for name, value in expected.items())
    if isinstance(expected, list):
        return isinstance(found, list) and sorted(map(_word, expected)) == sorted(map(_word, found))
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    return _word(expected) == _word(found) if isinstance(expected, date) else expected == found


def _holds(expected: object, found: object) -> bool:
    if expected is None:
        return found is None
    return matches(expected, 0 if found is None and expected == 0 else found)


def _word(value: object) -> str:
    """Return a value as it is compared: a moment to the minute, a day as a day."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)
