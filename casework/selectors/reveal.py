"""What lies apart within a record and is shown only by an act of its own: a source, a citizen service number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit.recording import record_read
from casework.access import reach_case
from casework.facts.citizen_numbers import holds_numbers
from casework.models import CitizenNumber, Source
from permissions.acting import acting
from permissions.vocabulary import Action

Shown = tuple[tuple[str, str | bool | datetime], ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Who reported."""

    kind: str
    capacity: str
    name: str
    contact: str
    is_protected: bool
    made_at: datetime

    @property
    def said(self) -> Shown:
        """Return what is shown of it, each with what it is called."""
        return (
            ("kind", self.kind),
            ("capacity", self.capacity),
            ("name", self.name),
            ("contact", self.contact),
            ("is_protected", self.is_protected),
            ("made_at", self.made_at),
        )


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A citizen service number, and whose it is where that is said."""

    number: str
    given_names: str
    family_name: str
    made_at: datetime

    @property
    def said(self) -> Shown:
        """Return what is shown of it, each with what it is called."""
        return (
            ("number", self.number),
            ("person__given_names", self.given_names),
            ("person__family_name", self.family_name),
            ("made_at", self.made_at),
        )


Revealed = Sequence[SourceRow] | Sequence[NumberRow]


def parts_stored_apart(case_id: UUID) -> tuple[str, ...]:
    """Return the parts stored apart that the acting agency may record at all."""
    reach_case(case_id)
    return ("source", "citizen_number") if holds_numbers() else ("source",)


def _sources(case_id: UUID, agency_id: int) -> list[SourceRow]:
    rows = Source.objects.filter(case_id=case_id, agency_id=agency_id).order_by("-made_at")
    return [SourceRow(*row) for row in rows.values_list("kind", "capacity", "name", "contact", "is_protected", "made_at")]


def _numbers(case_id: UUID, agency_id: int) -> list[NumberRow]:
    rows = CitizenNumber.objects.filter(case_id=case_id, agency_id=agency_id).order_by("-made_at")
    columns = rows.values_list("number", "person__given_names", "person__family_name", "made_at")
    return [NumberRow(number, given or "", family or "", made_at) for number, given, family, made_at in columns]


def reveal(case_id: UUID, why: str) -> Revealed:
    """Return what the running act reveals of the own record in a case; the reason's code stands on the trail."""
    act = acting()
    reached = reach_case(case_id)
    is_source = act.action is Action.REVEAL_SOURCE
    found: Revealed = (_sources if is_source else _numbers)(case_id, reached.agency_id)
    model = Source if is_source else CitizenNumber
    shown = {name.split("__", maxsplit=1)[0] for row in found for name, _ in row.said}
    record_read(act.action, model, case_id, case=case_id, record_agency=reached.agency_id, shown=shown, by=f"why:{why}")
    return found
