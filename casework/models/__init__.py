"""Every record of the casework app."""

from casework.models.access import CitizenNumber, Emergency, Finding, KnownCheck, NameToken, Review, Source
from casework.models.corrections import Correction, CorrectionNews
from casework.models.drafts import Draft
from casework.models.exchange import (
    Advice,
    Deadline,
    DecreedDay,
    Disclosure,
    Handoff,
    Notice,
    Operation,
    Outbox,
    PackageItem,
)
from casework.models.exports import Export, ExportPart
from casework.models.records import (
    FAR,
    AgencyRecord,
    Assignment,
    Case,
    Household,
    Note,
    Owned,
    Participation,
    PersonInCase,
    Premises,
    Wall,
    owned,
)
from casework.models.steps import Approval, Criterion, StepTaken, StoredFact, Track, Visit
from casework.models.team import Absence, Reassignment

__all__ = [
    "FAR",
    "Absence",
    "Advice",
    "AgencyRecord",
    "Approval",
    "Assignment",
    "Case",
    "CitizenNumber",
    "Correction",
    "CorrectionNews",
    "Criterion",
    "Deadline",
    "DecreedDay",
    "Disclosure",
    "Draft",
    "Emergency",
    "Export",
    "ExportPart",
    "Finding",
    "Handoff",
    "Household",
    "KnownCheck",
    "NameToken",
    "Note",
    "Notice",
    "Operation",
    "Outbox",
    "Owned",
    "PackageItem",
    "Participation",
    "PersonInCase",
    "Premises",
    "Reassignment",
    "Review",
    "Source",
    "StepTaken",
    "StoredFact",
    "Track",
    "Visit",
    "Wall",
    "owned",
]
