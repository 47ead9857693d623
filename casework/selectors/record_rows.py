"""The rows of a case as a page shows them: each class has the columns that are read of its kind, and no others."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from casework.input.codes import CRITERIA, EXCLUSIONS

PLACES = {code: place for place, code in enumerate((*CRITERIA, *EXCLUSIONS))}


@dataclass(frozen=True, slots=True)
class RecordRow:
    """The record of an agency: on which basis it is kept."""

    basis: str
    wpg_article: str
    made_at: datetime
    from_handoff_id: UUID | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody of the record."""

    id: UUID
    role: str
    family_name: str
    infix: str
    given_names: str
    birth_date: date | None
    birth_precision: str
    estimated_age: int | None
    contact: str
    contact_is_secret: bool
    from_item_id: UUID | None


@dataclass(frozen=True, slots=True)
class PremisesRow:
    """An address of the record."""

    id: UUID
    street: str
    number: str
    postcode: str
    town: str
    country: str
    is_secret: bool
    from_item_id: UUID | None


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note, with who wrote it or which organisation sent it."""

    id: UUID
    kind: str
    text: str
    happened_on: date | None
    happened_precision: str
    is_burdening: bool
    corrects_id: UUID | None
    made_at: datetime
    from_item_id: UUID | None
    sent_by: str | None
    who: str | None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit: its plan, and its report once there is one."""

    id: UUID
    number: int
    round: int
    planned_on: date
    visited_on: date | None
    outcome: str
    officers: tuple[str, ...]
    plan_subject: str
    plan_family: str
    plan_team: str
    warned: int
    homes_searched: int
    data_carriers: int
    arrests: int
    is_cautioned: bool | None


@dataclass(frozen=True, slots=True)
class FactRow:
    """A stored fact, with whom and what it names in words."""

    id: UUID
    fact: str
    action: str
    code: str
    text: str
    name: str
    on_date: date | None
    until_date: date | None
    is_so: bool | None
    help_kind: str
    whom: str | None
    into: str | None
    with_whom: str | None
    made_at: datetime
    ref_id: UUID | None
    ref_case: str | None
    ref_number: str | None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer of the checklist on which a visit is decided."""

    code: str
    answer: str
    source: str
    reason: str
    is_exclusion: bool
    round: int
    made_at: datetime
    who: str | None


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction: what it was, what it became and why."""

    id: UUID
    kind: str
    row_id: UUID
    label: str
    why: str
    explained: str
    was: str
    became: str
    made_at: datetime
    who: str | None


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """A second person's yes that was asked, and given or not yet."""

    id: UUID
    action: str
    version: int
    reason: str
    made_at: datetime
    asker: str | None
    approved_by_id: int | None
    approved_at: datetime | None
    approver: str | None
    approver_reason: str
    track_id: UUID | None
    handoff_id: UUID | None
    stands_at: int | None
    """The version in which its track or package stands now; another one is void."""


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term that runs."""

    clock: str
    due_at: datetime
    overdue_at: datetime | None
    track_id: UUID | None
    paused_until: datetime | None
    escalated_at: datetime | None
    acknowledged_at: datetime | None
    is_acute: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step that was taken, with who took it or at which organisation."""

    action: str
    source: str
    target: str
    made_at: datetime
    who: str | None
    where: str | None
    agency_id: int | None
    track_id: UUID | None
    handoff_id: UUID | None
    handoff_number: str | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What went to whom, on which basis, when."""

    to: str
    basis: str
    groups: tuple[str, ...]
    item_count: int
    disclosed_at: datetime


@dataclass(frozen=True, slots=True)
class RowKey:
    """Where a page of a section begins or ends: the moment and the id of a row."""

    key_at: datetime
    key_id: UUID


@dataclass(frozen=True, slots=True)
class Sections:
    """What the record of an agency in a case holds, by section; nothing where only its shell is shown."""

    record: list[RecordRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    premises: list[PremisesRow] = field(default_factory=list)
    notes: list[NoteRow] = field(default_factory=list)
    visits: list[VisitRow] = field(default_factory=list)
    facts: list[FactRow] = field(default_factory=list)
    triage: list[AnswerRow] = field(default_factory=list)
    corrections: list[CorrectionRow] = field(default_factory=list)
    approvals: list[ApprovalRow] = field(default_factory=list)

    @property
    def checklist(self) -> list[AnswerRow]:
        """Return the answers of the checklist in its own order, those of the last time first."""
        return sorted(self.triage, key=lambda row: (-row.made_at.timestamp(), PLACES[row.code]))
