"""What lets data leave the acting agency: its agreements, its decisions on partnerships, and its confirmed bases."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit.recording import record_read
from casework.access import allow
from permissions.acting import acting
from permissions.bases import BASES, GROUPS, VALID_FROM, WITHOUT_PERSONAL_DATA
from permissions.decision import Missing, Relation
from permissions.models import Agency, BasisConfirmation, PartnershipDecision, SharingAgreement, User
from workflows.calendars import day_of


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One agreement or decision: with whom, on what, from when until when, who asked and who confirmed."""

    id: UUID
    kind: str
    agencies: list[str]
    groups: list[str]
    citation: str
    starts_on: date
    ends_on: date | None
    asked_by_id: int | None
    asked_by: str
    confirmed_by: str
    state: str
    """`in force`, `ended`, or that it waits for a second person."""


@dataclass(frozen=True, slots=True)
class BasisRow:
    """One row of the table of bases, and what this agency's privacy officer said of it last."""

    code: str
    is_confirmed: bool
    by: str
    on: date | None


def agreements() -> list[AgreementRow]:
    """Return the agreements and decisions of the acting agency, those that wait first."""
    allow(Relation(same_agency=True))
    mine = acting().actor.agency_id
    rows: list[SharingAgreement | PartnershipDecision] = [
        *SharingAgreement.objects.filter(sender_id=mine),
        *PartnershipDecision.objects.filter(agency_id=mine),
    ]
    names, people = _names(), _people([row.asked_by_id for row in rows] + [row.confirmed_by_id for row in rows])
    record_read("agreements", SharingAgreement, "", shown=[str(row.pk) for row in rows])
    found = [_row(row, names, people) for row in rows]
    return sorted(found, key=lambda row: (row.state == "in force", row.state == "ended", row.starts_on, str(row.id)))


def _names() -> dict[int, str]:
    return dict(Agency.objects.values_list("pk", "name"))


def _people(ids: list[int | None]) -> dict[int | None, str]:
    return dict(User.objects.filter(pk__in=[one for one in ids if one]).values_list("pk", "full_name"))


def _row(row: SharingAgreement | PartnershipDecision, names: dict[int, str], people: dict[int | None, str]) -> AgreementRow:
    today = day_of(acting().moment)
    is_over = row.ends_on is not None and row.ends_on < today
    is_decision = isinstance(row, PartnershipDecision)
    members = row.members if isinstance(row, PartnershipDecision) else [row.receiver_id]
    return AgreementRow(
        id=row.pk,
        kind="partnership" if is_decision else "sharing",
        agencies=[names.get(key, "") for key in members],
        groups=list(row.groups),
        citation=row.citation if isinstance(row, PartnershipDecision) else "",
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        asked_by_id=row.asked_by_id,
        asked_by=people.get(row.asked_by_id, ""),
        confirmed_by=people.get(row.confirmed_by_id, ""),
        state="ended" if is_over else "in force" if row.confirmed_at else "waits for a second person",
    )


def agreement_for(agreement_id: UUID) -> AgreementRow:
    """Return one agreement or decision of the organisation; raises Missing."""
    row = next((row for row in agreements() if row.id == agreement_id), None)
    if row is None:
        raise Missing("agreement")
    return row


def bases() -> list[BasisRow]:
    """Return the rows on which an agency of this kind may send, and which of them its privacy officer confirmed."""
    allow(Relation(same_agency=True))
    actor = acting().actor
    said = BasisConfirmation.objects.filter(agency_id=actor.agency_id, version=VALID_FROM).order_by("made_at")
    latest = {row.basis: row for row in said.select_related("made_by")}
    codes = [basis.code for basis in BASES.values() if actor.kind in basis.senders]
    record_read("bases", BasisConfirmation, "", shown=codes)
    return [_basis(code, latest.get(code)) for code in codes]


def _basis(code: str, row: BasisConfirmation | None) -> BasisRow:
    if row is None:
        return BasisRow(code, is_confirmed=False, by="", on=None)
    return BasisRow(code, row.is_confirmed, row.made_by.full_name, day_of(row.made_at))


def others() -> list[tuple[str, str]]:
    """Return the other agencies that may receive personal data, by id and name."""
    rows = Agency.objects.filter(is_active=True).exclude(kind__in=WITHOUT_PERSONAL_DATA)
    found = rows.exclude(pk=acting().actor.agency).order_by("name")
    return [(str(key), name) for key, name in found.values_list("pk", "name")]


def field_groups() -> list[str]:
    """Return every field group that a package can hold."""
    return sorted({group for groups in GROUPS.values() for group in groups})
