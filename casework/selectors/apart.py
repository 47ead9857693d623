"""What is kept apart within a record and shown only by an act of its own: a source, a citizen service number."""

from typing import Any
from uuid import UUID

from django.db.models import F

from audit.recording import record_read
from casework.access import reach_case
from casework.actions.records_write import holds_numbers
from casework.models import CitizenNumber, Source
from permissions.acting import acting
from permissions.vocabulary import Action

KEPT: dict[Action, tuple[type[Any], tuple[str, ...]]] = {
    Action.REVEAL_SOURCE: (Source, ("kind", "capacity", "name", "contact", "is_protected", "made_at")),
    Action.REVEAL_BSN: (CitizenNumber, ("number", "person__given_names", "person__family_name", "made_at")),
}


def kept_apart(case_id: UUID) -> tuple[str, ...]:
    """Return the parts kept apart that the acting agency may record at all."""
    reach_case(case_id)
    return ("source", "citizen_number") if holds_numbers() else ("source",)


def reveal(case_id: UUID, why: str) -> list[dict[str, Any]]:
    """Return what the running act reveals of the own record in a case; the reason's code stands on the trail."""
    act = acting()
    reached = reach_case(case_id)
    model, columns = KEPT[act.action]
    rows = model.objects.filter(case_id=case_id, agency_id=reached.agency_id).order_by(F("made_at").desc())
    found = list(rows.values(*columns))
    shown = [name.split("__", maxsplit=1)[0] for name in columns] if found else []
    record_read(act.action, model, case_id, case=case_id, record_agency=reached.agency_id, shown=set(shown), by=f"why:{why}")
    return found
