"""The sections of a record, each with its table and the class of its rows."""

from collections.abc import Mapping
from typing import Any

from casework.models import (
    AgencyRecord,
    Approval,
    Correction,
    Criterion,
    Note,
    PersonInCase,
    Premises,
    StoredFact,
    Visit,
)
from casework.selectors.record_rows import (
    AnswerRow,
    ApprovalRow,
    CorrectionRow,
    FactRow,
    NoteRow,
    PersonRow,
    PremisesRow,
    RecordRow,
    Sections,
    VisitRow,
)

SectionKinds = Mapping[str, tuple[type[Any], type[Any]]]
SECTIONS: SectionKinds = {
    "record": (AgencyRecord, RecordRow),
    "people": (PersonInCase, PersonRow),
    "premises": (Premises, PremisesRow),
    "notes": (Note, NoteRow),
    "visits": (Visit, VisitRow),
    "facts": (StoredFact, FactRow),
    "triage": (Criterion, AnswerRow),
    "corrections": (Correction, CorrectionRow),
    "approvals": (Approval, ApprovalRow),
}


def held_in(sections: Sections) -> list[str]:
    """Return the names of the sections that hold something."""
    return [name for name in SECTIONS if getattr(sections, name)]
