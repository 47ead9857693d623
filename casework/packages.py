"""What of a record may go into a package, frozen by value, and read again at the other end."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from casework.codes import NOTE_GROUPS
from casework.models import Note, PackageItem, PersonInCase, Premises, StoredFact
from casework.wording import as_note, said_of

FACT_GROUPS = {
    "child_check": "child_check",
    "assessment": "assessment",
    "safety_conditions": "conditions",
    "needs": "need",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that could be chosen for a package: its key, its field group and what the receiver would read."""

    key: str
    group: str
    label: str
    value: str
    origin_id: UUID
    origin_made_at: datetime


def freeze(values: Mapping[str, object]) -> str:
    """Write values as data: codes as codes, days as 2026-11-26, words as they were typed; nothing is worded here."""
    return json.dumps({name: str(value) for name, value in values.items() if value not in (None, "")}, ensure_ascii=False)


def thaw(text: str) -> dict[str, str]:
    """Read what `freeze` wrote; earlier it wrote lines of `name: value`."""
    if text.startswith("{"):
        return dict(json.loads(text))
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


def offers_of(case_id: UUID, agency_id: int | None) -> list[Offer]:
    """Return everything of the agency's record in a case that a package could hold, in a stable order."""
    own = {"case_id": case_id, "agency_id": agency_id}
    found: list[Offer] = []
    for person in PersonInCase.objects.filter(**own).order_by("made_at", "id"):
        found.append(_offer("person", "identity", person.role, _identity(person), person))
        if person.contact:
            found.append(_offer("contact", "contact", person.role, freeze({"contact": person.contact}), person))
    for place in Premises.objects.filter(**own).order_by("made_at", "id"):
        address = {"street": place.street, "number": place.number, "postcode": place.postcode, "town": place.town}
        found.append(_offer("premises", "household", "premises", freeze(address), place))
    corrected = Note.objects.filter(corrects__isnull=False, **own).values("corrects_id")
    notes = Note.objects.filter(kind__in=NOTE_GROUPS, **own).exclude(pk__in=corrected)
    for note in notes.order_by("made_at", "id"):
        words = freeze({"text": note.text, "date": note.happened_on})
        found.append(_offer("note", NOTE_GROUPS[note.kind], note.kind, words, note))
    latest = {row.fact: row for row in StoredFact.objects.filter(fact__in=FACT_GROUPS, **own).order_by("made_at", "id")}
    for name, row in latest.items():
        said = freeze({"code": row.code, "text": row.text, "date": row.on_date})
        found.append(_offer("fact", FACT_GROUPS[name], name, said, row))
    return found


def _identity(person: PersonInCase) -> str:
    return freeze(
        {
            "role": person.role,
            "family_name": person.family_name,
            "infix": person.infix,
            "given_names": person.given_names,
            "birth_date": person.birth_date,
            "estimated_age": person.estimated_age,
        },
    )


def _offer(kind: str, group: str, label: str, value: str, row: PersonInCase | Premises | Note | StoredFact) -> Offer:
    return Offer(f"{kind}:{row.pk}", group, label, value, row.pk, row.made_at)


def choose(offers: Sequence[Offer], chosen: Sequence[str]) -> list[Offer]:
    """Return the offers that were chosen, by key or by field group, in their stable order."""
    wanted = set(chosen)
    return [offer for offer in offers if offer.key in wanted or offer.group in wanted]


def still_offered(offers: Sequence[Offer], items: Sequence[PackageItem]) -> list[str]:
    """Return the keys of the offers that these items were frozen from, as far as the record still has them."""
    frozen = {(item.origin_id, item.group) for item in items}
    return [offer.key for offer in offers if (offer.origin_id, offer.group) in frozen]


def unknown_choices(offers: Sequence[Offer], chosen: Sequence[str]) -> list[str]:
    """Return the choices that name no offer."""
    known = {offer.key for offer in offers} | {offer.group for offer in offers}
    return [choice for choice in chosen if choice not in known]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a package as anybody reads it."""

    group: str
    label: str
    values: tuple[tuple[str, str], ...]

    @property
    def said(self) -> list[tuple[str, str]]:
        """Return the values as this reader reads them: labels, words and days of their language."""
        return said_of(dict(self.values))


def package_lines(items: Sequence[PackageItem]) -> list[Line]:
    """Return a package as its receiver reads it: the sender's preview is made by this function and no other."""
    return [Line(item.group, item.label, tuple(thaw(item.value).items())) for item in items]


def note_from(item: PackageItem) -> dict[str, object]:
    """Read any other item back into the columns of a note: its words are the text, its day is the day."""
    values = thaw(item.value)
    kind = "observed_fact" if item.group == "observed_facts" else item.group
    note: dict[str, object] = {"kind": kind, "text": as_note(values)}
    return note | ({"date": date.fromisoformat(values["date"])} if "date" in values else {})


def person_from(item: PackageItem) -> dict[str, object]:
    """Read an identity item back into the columns of a person."""
    values = thaw(item.value)
    born, age = values.get("birth_date"), values.get("estimated_age")
    return {
        "role": values.get("role", "subject"),
        "family_name": values.get("family_name", ""),
        "infix": values.get("infix", ""),
        "given_names": values.get("given_names", ""),
        "birth_date": date.fromisoformat(born) if born else None,
        "estimated_age": int(age) if age else None,
    }
