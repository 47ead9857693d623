"""Whom help is for: who was chosen, else the subject of the record, else the only child in it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from casework.input.read import Inputs, Malformed
from casework.models import Handoff, PackageItem, PersonInCase
from casework.people.one_person import goes_on_as, merges_of
from permissions.acting import acting

PART = "helped"
"""The part that says for whom help begins."""


def person_to_help(case_id: UUID, inputs: Inputs) -> PersonInCase | None:
    """Return whom help that begins now is for; nobody yet where the record names nobody who could be meant."""
    agency_id = acting().actor.agency_id
    people = list(PersonInCase.objects.filter(case_id=case_id, agency_id=agency_id).order_by("made_at", "id"))
    chosen = next((values["person"] for values in inputs.get(PART, ()) if "person" in values), None)
    if chosen:
        if found := next((person for person in people if person.pk == chosen), None):
            return found
        raise Malformed(PART, "person", "no_such_person")
    if subjects := [person for person in people if person.role == "subject"]:
        return subjects[-1]
    merges = merges_of(case_id, agency_id)
    children = [person for person in people if person.role == "minor" and goes_on_as(person.pk, merges) == person.pk]
    if len(children) > 1:
        raise Malformed(PART, "person", "say_about_whom")
    return children[0] if children else None


def only_child(people: Sequence[Any]) -> Any:
    """Return the one child among these people, whom help is for where there is no subject; nobody where there are more."""
    children = [person for person in people if person.role == "minor"]
    return children[0] if len(children) == 1 else None


def asked_for(handoff: Handoff, origin_id: UUID | None) -> PersonInCase | None:
    """Return the receiver's row of somebody whom this package identifies; `origin_id` is their row at the sender."""
    if origin_id is None:
        return None
    items = PackageItem.objects.filter(handoff=handoff, origin_id=origin_id, group="identity").values("pk")
    rows = PersonInCase.objects.filter(from_item_id__in=items, case_id=handoff.case_id, agency_id=handoff.receiver_id)
    return rows.order_by("made_at", "id").last()
