"""Under which row of a record somebody goes on: what was merged is one person from then on (casework/terms/informing.py)."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from casework.models import StoredFact

MERGED = {"fact": "person_gone", "code": "merged"}


def merges_in(rows: Iterable[StoredFact]) -> dict[UUID, UUID]:
    """Return of each row that was merged the row into which it was, from these facts, oldest first."""
    said = (row for row in rows if row.fact == MERGED["fact"] and row.code == MERGED["code"])
    return {row.person_id: row.ref_id for row in said if row.person_id and row.ref_id}


def merges_of(case_id: UUID, agency_id: int | None) -> dict[UUID, UUID]:
    """Return of each row of an agency's record in a case that was merged the row into which it was."""
    rows = StoredFact.objects.filter(case_id=case_id, agency_id=agency_id, **MERGED)
    return merges_in(rows.order_by("made_at", "id"))


def goes_on_as(person: UUID, merges: Mapping[UUID, UUID]) -> UUID:
    """Return the row under which somebody goes on: the last of the rows into which theirs was merged."""
    passed: set[UUID] = set()
    while person in merges and person not in passed:
        passed.add(person)
        person = merges[person]
    return person
