"""What of a record may go into a package, frozen by value, and read again at the other end."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from casework.input.codes import INTELLIGENCE, NOTE_GROUPS, WITHHELD
from casework.input.dates import from_written, with_precision, written
from casework.input.wording import as_note, label, said_of
from casework.lock import grants
from casework.models import Note, PackageItem, PersonInCase, Premises, StoredFact, Track
from casework.people.one_person import MERGED, goes_on_as, merges_in
from permissions.prepared import Prepared

ADDRESS = ("street", "number", "postcode", "town", "country")
FACT_GROUPS = {
    "child_check": "child_check",
    "assessment": "assessment",
    "safety_conditions": "conditions",
    "needs": "need",
}
OF_THE_HOUSEHOLD = frozenset({"child_check"})
"""Facts of a household: they say nothing of the subject of their track."""
OF_A_PERSON = frozenset({"identity", "contact"})
"""Field groups whose items are each frozen from a person."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that could be chosen for a package: its key, its field group and what the receiver would read."""

    key: str
    group: str
    label: str
    value: str
    origin_id: UUID
    origin_made_at: datetime
    withheld: str = ""
    """Why it never goes, whoever asks; nothing where it may."""
    about_id: UUID | None = None
    """Which person of the record it is about; nothing where it does not say."""
    whose: str = ""
    """Their name, where it does not say that itself."""
    track_id: UUID | None = None
    """Of which track it is; a package of another track holds it only where it was chosen by itself."""


def freeze(values: Mapping[str, object]) -> str:
    """Write values as data: codes as codes, days as 2026-11-26, words as they were typed; nothing is worded here."""
    return json.dumps({name: str(value) for name, value in values.items() if value not in (None, "")}, ensure_ascii=False)


def thaw(text: str) -> dict[str, str]:
    """Read what `freeze` wrote; earlier it wrote lines of `name: value`."""
    if text.startswith("{"):
        return dict(json.loads(text))
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


def _notes(**own: Any) -> QuerySet[Note]:
    corrected = Note.objects.filter(corrects__isnull=False, **own).values("corrects_id")
    notes = Note.objects.filter(kind__in=NOTE_GROUPS, **own).exclude(pk__in=corrected)
    return notes.order_by("made_at", "id")


def _facts_stored(**own: Any) -> QuerySet[StoredFact]:
    subject = Track.objects.filter(pk=OuterRef("track_id")).values("subject_id")[:1]
    rows = StoredFact.objects.filter(fact__in=sorted({*FACT_GROUPS, MERGED["fact"]}), **own)
    return rows.annotate(subject_id=Subquery(subject)).order_by("made_at", "id")


_PEOPLE: Prepared[PersonInCase] = Prepared(lambda **own: PersonInCase.objects.filter(**own).order_by("made_at", "id"))
_PREMISES: Prepared[Premises] = Prepared(lambda **own: Premises.objects.filter(**own).order_by("made_at", "id"))
_NOTES: Prepared[Note] = Prepared(_notes)
_FACTS: Prepared[Any] = Prepared(_facts_stored)


def offers_of(case_id: UUID, agency_id: int | None) -> list[Offer]:
    """Return everything of the agency's record in a case that a package could hold, in a stable order."""
    own = {"case_id": case_id, "agency_id": agency_id}
    found: list[Offer] = []
    people = _PEOPLE.rows(**own)
    secret = grants.marked_secret(case_id, agency_id)
    for person in people:
        found.append(_offer("person", "identity", person.role, _identity(person), person))
        if person.contact:
            contact = freeze({"contact": person.contact})
            offer = _offer("contact", "contact", person.role, contact, person, secret=person.pk in secret)
            found.append(replace(offer, whose=person.name))
    for place in _PREMISES.rows(**own):
        address = {name: getattr(place, name) for name in ADDRESS}
        found.append(_offer("premises", "household", "premises", freeze(address), place, secret=place.pk in secret))
    for note in _NOTES.rows(**own):
        happened = with_precision(note.happened_on, note.happened_precision)
        words = freeze({"text": note.text, "date": written(happened) if happened else ""})
        found.append(_offer("note", NOTE_GROUPS[note.kind], note.kind, words, note))
    return found + _facts(own, {person.pk: person.name for person in people})


def _facts(own: Mapping[str, object], names: Mapping[UUID, str]) -> list[Offer]:
    """Return the last of each fact, of each track and person: what one child needs says nothing of another's.

    Whose row was merged is named as they go on.
    """
    rows = _FACTS.rows(**own)
    merges = merges_in(rows)
    latest = {}
    for row in (row for row in rows if row.fact in FACT_GROUPS):
        named = goes_on_as(row.person_id, merges) if row.person_id else None
        latest[row.fact, row.track_id, named] = row, named
    whose = [(row, named or (None if row.fact in OF_THE_HOUSEHOLD else row.subject_id)) for row, named in latest.values()]
    whose = [(row, goes_on_as(person, merges) if person else None) for row, person in whose]
    return [offer_of_fact(row, person, names.get(person, "") if person else "") for row, person in whose]


def subject_of(row: StoredFact) -> UUID | None:
    """Return whom a fact is about: whom it names, else the subject of its track; nobody where it is of a household."""
    if row.person_id or row.track_id is None or row.fact in OF_THE_HOUSEHOLD:
        return row.person_id
    return Track.objects.filter(pk=row.track_id).values_list("subject_id", flat=True).first()


def offer_of_fact(row: StoredFact, person: UUID | None, whose: str = "") -> Offer:
    """Return what a package would hold of a fact."""
    said = freeze({"code": row.code, "text": row.text, "date": row.on_date})
    offer = _offer("fact", FACT_GROUPS[row.fact], row.fact, said, row)
    return replace(offer, about_id=person, whose=whose, track_id=row.track_id)


def as_recorded_now(
    offers: Sequence[Offer], items: Sequence[PackageItem], successors: Mapping[UUID, UUID]
) -> list[PackageItem]:
    """Return these frozen items as the record says them now; `successors` are corrections.

    A note that became one of another kind moves to its field group; one that became of a kind that stays is left out.
    """
    now = {(offer.origin_id, offer.group): offer for offer in offers}
    moved = {offer.origin_id: offer for offer in offers}
    found = []
    for item in items:
        origin = item.origin_id
        while origin in successors:
            origin = successors[origin]
        offer = now.get((origin, item.group)) or (moved.get(origin) if origin != item.origin_id else None)
        if offer:
            item.group, item.label, item.value, item.about_id = offer.group, offer.label, offer.value, offer.about_id
            item.origin_id, item.origin_made_at = offer.origin_id, offer.origin_made_at
        if offer or origin == item.origin_id or item.label in FACT_GROUPS:
            found.append(item)
    return found


def successors_of(case_id: UUID, agency_id: int | None) -> dict[UUID, UUID]:
    """Return of each note and fact that was corrected the row that stands in its place."""
    own = {"case_id": case_id, "agency_id": agency_id}
    notes = Note.objects.filter(corrects__isnull=False, **own).order_by("made_at").values_list("corrects_id", "pk")
    facts = StoredFact.whatever_counts.filter(replaced_by_id__isnull=False, **own).values_list("pk", "replaced_by_id")
    return {old: new for old, new in (*notes, *facts) if new is not None}


def _identity(person: PersonInCase) -> str:
    return freeze(
        {
            "role": person.role,
            "family_name": person.family_name,
            "infix": person.infix,
            "given_names": person.given_names,
            "birth_date": written(person.born) if person.born else "",
            "estimated_age": person.estimated_age,
        },
    )


def _offer(  # noqa: PLR0913 - the parts of an offer
    kind: str, group: str, label: str, value: str, row: PersonInCase | Premises | Note | StoredFact, *, secret: bool = False
) -> Offer:
    about_id = row.pk if isinstance(row, PersonInCase) else None
    return Offer(f"{kind}:{row.pk}", group, label, value, row.pk, row.made_at, WITHHELD if secret else "", about_id)


def choose(offers: Sequence[Offer], chosen: Sequence[str], track_id: UUID | None = None) -> list[Offer]:
    """Return the offers that were chosen, by key or by field group, in their stable order; never what is withheld.

    A field group is that of the track of which the package is, with what is of no track.
    """
    wanted = set(chosen)
    own = {offer.key for offer in offers if offer.group in wanted and fits_track(offer, track_id)}
    return [offer for offer in offers if not offer.withheld and (offer.key in wanted or offer.key in own)]


def fits_track(offer: Offer, track_id: UUID | None) -> bool:
    """Whether an offer is of this track, or of none, or no track is asked for."""
    return None in {track_id, offer.track_id} or track_id == offer.track_id


def without_withheld(offers: Sequence[Offer], items: Sequence[PackageItem]) -> list[PackageItem]:
    """Return these frozen items without those that may go no more, by what the record says now."""
    secret = {(offer.origin_id, offer.group) for offer in offers if offer.withheld}
    intelligence = set(
        Note.objects.filter(pk__in=[i.origin_id for i in items], kind=INTELLIGENCE).values_list("pk", flat=True)
    )
    return [item for item in items if (item.origin_id, item.group) not in secret and item.origin_id not in intelligence]


def still_offered(offers: Sequence[Offer], items: Sequence[PackageItem]) -> list[str]:
    """Return the keys of the offers that these items were frozen from, as far as the record still has them."""
    frozen = {(item.origin_id, item.group) for item in items}
    return [offer.key for offer in offers if (offer.origin_id, offer.group) in frozen]


def unknown_choices(offers: Sequence[Offer], chosen: Sequence[str]) -> list[str]:
    """Return the choices that name no offer."""
    known = {offer.key for offer in offers if not offer.withheld} | {offer.group for offer in offers}
    return [choice for choice in chosen if choice not in known]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a package as anybody reads it."""

    group: str
    label: str
    values: tuple[tuple[str, str], ...]
    whose: str = ""
    """Whom it is about, where the package itself names them."""
    told: tuple["Told", ...] = ()
    """What its sender corrected since, the newest first."""
    to_go: tuple[tuple[str, str], ...] = ()
    """How it will go, where it was corrected before it was delivered."""

    @property
    def said_to_go(self) -> list[tuple[str, str]]:
        """Return how it will go, as this reader reads it."""
        return said_of(dict(self.to_go), self.label)

    @property
    def said(self) -> list[tuple[str, str]]:
        """Return the values as this reader reads them: labels, words and days of their language."""
        return said_of(dict(self.values), self.label)


@dataclass(frozen=True, slots=True)
class Told:
    """What the receiver is told of an item that was corrected after it was delivered."""

    label: str
    values: tuple[tuple[str, str], ...]
    withheld: str
    made_at: datetime
    delivered_at: datetime | None

    @property
    def said(self) -> list[tuple[str, str]]:
        """Return what it now is, as this reader reads it."""
        return said_of(dict(self.values), self.label)


def package_lines(items: Sequence[PackageItem], to_go: Mapping[UUID, str] = MappingProxyType({})) -> list[Line]:
    """Return a package as its receiver reads it: the sender's preview is made by this function and no other.

    `to_go` says how items will go that were corrected before they were delivered.
    """
    names = named_in(items)
    return [
        Line(
            item.group,
            item.label,
            _values(item.value),
            _whose(item, names),
            _told(item),
            _values(to_go.get(item.pk, item.value), item.value),
        )
        for item in items
    ]


def told_of(item: PackageItem) -> UUID | None:
    """Return the row of the person whom an item is about; nothing where it does not say."""
    return item.about_id or (item.origin_id if item.group in OF_A_PERSON else None)


def _whose(item: PackageItem, names: Mapping[UUID, str]) -> str:
    """Return the name of the person whom an item is about, where it does not say so itself."""
    person = told_of(item)
    return names.get(person, "") if person and item.group != "identity" else ""


def named_in(items: Sequence[PackageItem]) -> dict[UUID, str]:
    """Return the names of the people whom these items identify, each by the row that it was frozen from."""
    return {item.origin_id: PersonInCase(**person_from(item)).name for item in items if item.group == "identity"}


def _values(text: str, before: str = "") -> tuple[tuple[str, str], ...]:
    return tuple(thaw(text).items()) if text != before else ()


def _told(item: PackageItem) -> tuple[Told, ...]:
    return tuple(
        Told(
            row["label"],
            _values(row["value"]) if row["value"] else (),
            row["withheld"],
            datetime.fromisoformat(row["made_at"]),
            datetime.fromisoformat(row["delivered_at"]) if row["delivered_at"] else None,
        )
        for row in getattr(item, "news", ())
    )


def note_from(item: PackageItem, names: Mapping[UUID, str]) -> dict[str, object]:
    """Read any other item back into the columns of a note: its words with whose they are, its day is the day."""
    values = thaw(item.value)
    kind = "observed_fact" if item.group == "observed_facts" else item.group
    whose = _whose(item, names) or (label(f"person:{item.label}") if item.group == "contact" else "")
    note: dict[str, object] = {
        "kind": kind,
        "text": ": ".join(part for part in (whose, as_note(values, item.label)) if part),
    }
    return note | ({"date": from_written(values["date"])} if "date" in values else {})


def person_from(item: PackageItem) -> dict[str, object]:
    """Read an identity item back into the columns of a person."""
    values = thaw(item.value)
    born, age = values.get("birth_date"), values.get("estimated_age")
    return {
        "role": values.get("role", "subject"),
        "family_name": values.get("family_name", ""),
        "infix": values.get("infix", ""),
        "given_names": values.get("given_names", ""),
        "birth_date": from_written(born) if born else None,
        "estimated_age": int(age) if age else None,
    }
