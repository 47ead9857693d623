"""Whom an agency knows already, looked up where a report comes in, and what becomes of the report (radar)."""

from collections.abc import Sequence
from uuid import UUID

from casework.actions.request import ActionRequest
from casework.facts.lookups import LOOKS_AROUND, KnownHere, known_here, pass_signal
from casework.input.read import Malformed, Values
from permissions.vocabulary import AgencyKind


def look_around(kind: AgencyKind | None, people: Sequence[Values], places: Sequence[Values]) -> list[KnownHere]:
    """Look whom the agency knows already, before the new report is among them."""
    return known_here(people, places) if kind in LOOKS_AROUND and (people or places) else []


def ask_choice(request: ActionRequest, known: list[KnownHere]) -> None:
    """Ask what becomes of a report about somebody who is known: at every door somebody chooses whether it is joined."""
    if known and not request.inputs.get("known_here"):
        raise Malformed("known_here", "code", "required")


def join(request: ActionRequest, case_id: UUID, known: list[KnownHere]) -> None:
    """Pass the report as a new signal to the household that it was joined to: one that was found, and no other."""
    for values in request.inputs.get("known_here", ()):
        if values["code"] == "joined_to_household":
            pass_signal(_household(values, known), case_id, values["text"])


def _household(values: Values, known: list[KnownHere]) -> UUID:
    found = [row.case_id for row in known if row.case_id]
    chosen = values.get("case") or (found[0] if len(found) == 1 else None)
    if chosen is None or chosen not in found:
        raise Malformed("known_here", "case", "no_such_case")
    return chosen
