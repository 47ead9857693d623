"""Whose consent stands, for what, with whom: read from stored rows at every check, sending and delivery (law section 2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from uuid import UUID

from django.db.models import QuerySet

from casework.input.codes import FOR_HELP, HELPING
from casework.input.dates import age_on
from casework.models import Handoff, PackageItem, PersonInCase, StepTaken, StoredFact, Track
from casework.packages.items import person_from, told_of
from casework.people.one_person import goes_on_as, merges_in, merges_of
from permissions.bases import SELF_FROM
from permissions.vocabulary import Action
from workflows.calendars import day_of

FOR_SHARING = frozenset({"sharing", "help_and_sharing"})
BY_REPRESENTATIVE = frozenset({"representative", "self_and_representative"})
BY_SELF = frozenset({"self", "self_and_representative"})
HELP_BOTH_FROM, HELP_SELF_FROM = 12, 16
"""From which ages help needs the child's own consent too, and that alone (Jeugdwet 7.3.4)."""


def _in_their_place(row: StoredFact) -> bool:
    """Whether a representative consented for somebody whose age is not known, with the worker's reason."""
    return str(row.name) == "representative" and bool(row.text)


def may_share(row: StoredFact, born: date | None, day: date, basis: str) -> bool:
    """Whether the right person consented to sharing on this basis; without a birth date, a reason must come with it."""
    if born is None:
        return _in_their_place(row)
    return row.name in (BY_SELF if age_on(born, day) >= SELF_FROM[basis] else BY_REPRESENTATIVE)


def may_help(row: StoredFact, born: date | None, day: date) -> bool:
    """Whether the right person consented to help itself."""
    if born is None:
        return _in_their_place(row)
    age = age_on(born, day)
    if age < HELP_BOTH_FROM:
        return str(row.name) == "representative"
    return row.name in (BY_SELF if age >= HELP_SELF_FROM else {"self_and_representative"})


def _ends(withdrawal: StoredFact, consent: StoredFact) -> bool:
    """Whether a withdrawal is later than a consent, as it was stored or by the day on which it was said."""
    return withdrawal.made_at >= consent.made_at or _said_on(withdrawal) > _said_on(consent)


def _said_on(row: StoredFact) -> date:
    return row.on_date or day_of(row.made_at)


class Consents:
    """The consents of one agency's record in a case, with their withdrawals."""

    def __init__(self, case_id: UUID, agency_id: int, today: date) -> None:
        """Read them once, oldest first."""
        self.own = own = {"case_id": case_id, "agency_id": agency_id}
        facts = ("consent", "consent_withdrawn", "offer_form", "person_gone")
        rows = list(StoredFact.objects.filter(fact__in=facts, **own).order_by("made_at", "id"))
        self.today = today
        self.given = [row for row in rows if row.fact == "consent"]
        self.offers = [row for row in rows if row.fact == "offer_form"]
        self.withdrawn = [row for row in rows if row.fact == "consent_withdrawn"]
        self.merges = merges_in(rows)
        self.subjects: dict[UUID | None, UUID | None] = dict(Track.objects.filter(**own).values_list("pk", "subject_id"))

    def person_of(self, row: StoredFact) -> UUID | None:
        """Return whom a consent is about: whom it names, else the subject of its track; the row under which they go on."""
        person = row.person_id or self.subjects.get(row.track_id)
        return goes_on_as(person, self.merges) if person else None

    def standing(self, row: StoredFact) -> bool:
        """Whether a consent is in force today, and was not withdrawn since."""
        begun = row.on_date is None or row.on_date <= self.today
        runs = begun and (row.until_date is None or row.until_date >= self.today)
        return runs and not self.is_taken_back(row)

    def is_taken_back(self, row: StoredFact) -> bool:
        """Whether a consent was withdrawn since it was given."""
        return any(_ends(other, row) and self._same(row, other) for other in self.withdrawn)

    def _same(self, row: StoredFact, other: StoredFact) -> bool:
        """Whether a withdrawal is of this consent: of its person or track, and of its kind of help where it names one.

        The track decides where one of the two does not say whose it is; a withdrawal of which nobody can say whose it is
        takes back every consent of the record.
        """
        person, track, whose = self.person_of(row), row.track_id, self.person_of(other)
        theirs = person == whose if person and whose else track is not None and track == other.track_id
        theirs = theirs or (whose is None and other.track_id is None)
        return theirs and (not other.help_kind or self.kind_of(row) in {"", other.help_kind})

    def took_back(self, person: UUID) -> bool:
        """Whether somebody took back a consent of their own."""
        return any(self.person_of(row) == goes_on_as(person, self.merges) for row in self.withdrawn)

    def offered(self, track_id: UUID | None, before: datetime | None = None) -> str:
        """Return which kind of help was offered last on a track, as far as it was said."""
        rows = [row for row in self.offers if row.track_id == track_id and (before is None or row.made_at <= before)]
        return str(rows[-1].help_kind) if track_id and rows else ""

    def kind_of(self, row: StoredFact) -> str:
        """Return for which kind of help a consent is: the kind that it names, else that of the offer at that time."""
        return str(row.help_kind) or (self.offered(row.track_id, row.made_at) if row.code in FOR_HELP else "")

    def to_help_on(self, track: Track) -> list[StoredFact]:
        """Return what was consented to on a track, standing or not: whoever declined what was offered consents anew."""
        given = [row for row in self.given if row.track_id == track.pk and row.code in FOR_HELP]
        return [row for row in given if not self.is_declined(row)]

    def is_declined(self, row: StoredFact) -> bool:
        """Whether the help that was consented to has been declined on its track since."""
        return row.code in FOR_HELP and any(of == row.track_id and at >= row.made_at for of, at in self._declined)

    @cached_property
    def _declined(self) -> list[tuple[UUID | None, datetime]]:
        """Return when what was offered on a track was declined."""
        rows = StepTaken.objects.filter(action=Action.RECORD_DECLINE, **self.own)
        return list(rows.values_list("track_id", "made_at"))

    def for_help(self, track: Track, person: PersonInCase | None, kind: str = "") -> bool:
        """Whether the subject of a track consents now to this kind of help, or to help without a kind."""
        born = person.birth_date if person else None
        about = {None, person.pk if person else None}
        rows = [row for row in self.to_help_on(track) if row.person_id is None or self.person_of(row) in about]
        rows = [row for row in rows if not kind or self.kind_of(row) in {"", kind}]
        return any(self.standing(row) and may_help(row, born, self.today) for row in rows[-1:])

    def for_sharing(
        self, person: "Concerned", receiver_id: int, basis: str, kind: str = "", *, helps: bool = False
    ) -> StoredFact | None:
        """Return the latest consent on which data about a person goes to this receiver; None where it does not stand.

        A package that asks for a kind of help goes on no consent that names another kind.
        The latest that was given decides: one that ran out, was withdrawn or, where help is asked (`helps`), was followed by
        a decline of that help brings no earlier one back.
        """
        rows = [row for row in self.given if row.code in FOR_SHARING and row.receiver_id == receiver_id]
        rows = [row for row in rows if not kind or self.kind_of(row) in {"", kind}]
        latest = [row for row in rows if self.person_of(row) == goes_on_as(person.key, self.merges)][-1:]
        latest = [row for row in latest if not (helps and self.is_declined(row))]
        found = (row for row in latest if self.standing(row) and may_share(row, person.born, self.today, basis))
        return next(found, None)


@dataclass(frozen=True, slots=True)
class Concerned:
    """A person whom a package is about, with their identity as it was frozen: whoever checks may be unable to look it up."""

    key: UUID
    role: str
    born: date | None


def people_of(handoff: Handoff) -> list[Concerned]:
    """Return whom a package is about: those whom it identifies, says how to reach or says something of.

    What it tells without saying of whom is about the subject of its track, and without one of the case.
    """
    items = list(PackageItem.objects.filter(handoff=handoff, package_version=handoff.package_version).order_by("position"))
    named = [(item.origin_id, person_from(item)) for item in items if item.group == "identity"]
    found = {key: Concerned(key, str(values["role"]), _born(values)) for key, values in named}
    found |= _as_corrected(handoff, found)
    others = {person for item in items if (person := told_of(item))} - set(found)
    mine = PersonInCase.objects.filter(case_id=handoff.case_id, agency_id=handoff.sender_id)
    if not found.keys() | others or any(told_of(item) is None for item in items):
        others |= _subject(handoff, mine) - set(found)
    found |= {row.pk: Concerned(row.pk, row.role, row.birth_date) for row in mine.filter(pk__in=others)}
    whole = [found.get(key, Concerned(key, "", None)) for key in [*found, *(others - set(found))]]
    return _as_they_go_on(handoff, whole)


def _as_they_go_on(handoff: Handoff, people: list[Concerned]) -> list[Concerned]:
    """Return people with the birth date of the row into which theirs was merged: unknown where it cannot be read."""
    merges = merges_of(handoff.case_id, handoff.sender_id)
    standing = {person.key: goes_on_as(person.key, merges) for person in people}
    if all(key == row for key, row in standing.items()):
        return people
    rows = PersonInCase.objects.filter(pk__in=standing.values(), case_id=handoff.case_id, agency_id=handoff.sender_id)
    born = {person.key: person.born for person in people} | {row.pk: row.birth_date for row in rows}
    return [
        person if standing[person.key] == person.key else replace(person, born=born.get(standing[person.key]))
        for person in people
    ]


def _subject(handoff: Handoff, people: QuerySet[PersonInCase]) -> set[UUID]:
    """Return the subject of the package's track, and without one the last whom the record calls the subject."""
    tracks = Track.objects.filter(pk=handoff.track_id, subject_id__isnull=False) if handoff.track_id else None
    found = tracks.values_list("subject_id", flat=True).first() if tracks else None
    last = people.filter(role="subject").order_by("-made_at").values_list("pk", flat=True)
    return {found} if found else set(last[:1])


def _as_corrected(handoff: Handoff, people: Mapping[UUID, Concerned]) -> dict[UUID, Concerned]:
    """Return those of these people whose record was corrected after they were frozen, as far as it can be read."""
    if not people or not handoff.delivered:
        return {}  # a package that was not delivered does not go with what was corrected since
    rows = PersonInCase.objects.filter(pk__in=people, case_id=handoff.case_id, agency_id=handoff.sender_id)
    return {row.pk: Concerned(row.pk, row.role, row.birth_date) for row in rows}


def _born(values: Mapping[str, object]) -> date | None:
    born = values["birth_date"]
    return born if isinstance(born, date) else None


def consents_of(handoff: Handoff, today: date) -> list[UUID]:
    """Return the consents on which this package goes to its receiver; nothing unless everybody whom it is about consents.

    A guardian who consents for somebody in the package consents to being named in it: one, as it is not stored who it
    was, and never one who took back a consent of their own.
    """
    if handoff.basis not in SELF_FROM:
        return []
    consents, people = Consents(handoff.case_id, handoff.sender_id, today), people_of(handoff)
    kind = str(handoff.help_kind) or (consents.offered(handoff.track_id) if handoff.kind in HELPING else "")
    ask = partial(consents.for_sharing, helps=handoff.kind in HELPING)
    found = {person.key: ask(person, handoff.receiver_id, handoff.basis, kind) for person in people}
    represented = any(row is not None and row.name in BY_REPRESENTATIVE for row in found.values())
    lacking = [person for person in people if found[person.key] is None]
    is_named_along = represented and [person.role for person in lacking] == ["guardian"]
    if is_named_along:
        (guardian,) = lacking
        is_named_along = not consents.took_back(guardian.key) and not _is_told_more(handoff, guardian.key)
    if not people or (lacking and not is_named_along):
        return []
    return _ids(found.values())


def _is_told_more(handoff: Handoff, person: UUID) -> bool:
    """Whether a package says of somebody more than who they are, such as how they are reached."""
    items = PackageItem.objects.filter(handoff=handoff, package_version=handoff.package_version).exclude(group="identity")
    return any(told_of(item) == person for item in items)


def _ids(rows: Iterable[StoredFact | None]) -> list[UUID]:
    return sorted(row.pk for row in rows if row is not None)
