"""Looking through one agency's own records: references, dates and what was alike (casework/sql/earlier_warnings.sql)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from audit.recording import record_read
from casework.input.addresses import KEYED, compared, keys_of
from casework.input.person_names import tokens_of
from casework.models import Case, Handoff, PackageItem, StoredFact, Track, owned
from casework.packages.items import person_from, thaw
from permissions.acting import acting
from permissions.vocabulary import Action, AgencyKind
from workflows.calendars import day_of

ANSWER = "prior_warning_answer"
HIT = "prior_warning_hit"
LOOKED_UP = "prior_warning_look_up"
ANSWERED = "prior_warning_checked"
"""The fact that every earlier warning is answered."""
ASKS_ANSWER = frozenset({Action.PLAN_VISIT, Action.SCHEDULE_VISIT})
"""Steps whose page shows the earlier warnings that were found, and asks what they mean."""
ANSWERED_ON = ASKS_ANSWER | {Action.WRITE_RECORD}
"""Acts in which who decides on a visit says what an earlier warning means for it; in no other does it open a visit."""
LOOKS_AROUND = frozenset({AgencyKind.VEILIG_THUIS})
"""Agencies that see whom they know already, where a report comes in (radar)."""
COMPARED = ("person", "address")
"""What every look compares: folded name with birth date, and folded address."""


@dataclass(frozen=True, slots=True)
class EarlierWarning:
    """A warning that the agency gave before: in which case, on which day, and what is alike."""

    hit: UUID
    """The case; another id that stays the same where it stands behind a wall."""
    reference: str
    warned_on: date
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownHere:
    """A case of the agency in which somebody, or the address, of a new report is known; never what stands in it."""

    case_id: UUID | None
    reference: str
    matched: tuple[str, ...]
    state: str
    since: date | None
    holders: tuple[str, ...]


def _rows(query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def earlier_warnings(track: Track) -> list[EarlierWarning]:
    """Look up the agency's own earlier warnings of the track's subject and at its addresses; the look is on the trail."""
    rows = _rows("SELECT hit, called, on_day, matched FROM lock.earlier_warnings(%s)", [track.pk])
    found = [EarlierWarning(hit, called or "", day, tuple(matched)) for hit, called, day, matched in rows]
    by, shown = f"compared:{','.join(COMPARED)}", [str(row.hit) for row in found]
    cases = [row.hit for row in found if row.reference]
    of_case, agency_id = track.case_id, track.agency_id
    record_read("look_up_warnings", Track, track.pk, case=of_case, record_agency=agency_id, shown=shown, cases=cases, by=by)
    return found


def store_earlier_warnings(
    track: Track, stored: Iterable[StoredFact] | None = None
) -> tuple[list[EarlierWarning], list[StoredFact]]:
    """Look up, and store what came out with its day; answers the warnings, and the rows that were stored of them.

    A hit is known from the first look-up of the round that found it. `stored` is what the track's rows are, where they
    were read already.
    """
    found = earlier_warnings(track)
    before = StoredFact.objects.filter(track_id=track.pk, fact=HIT) if stored is None else stored
    known = {row.ref_id for row in before if row.fact == HIT and row.round == track.round}
    today = day_of(acting().moment)
    columns = {"track_id": track.pk, "round": track.round, "action": acting().action}
    rows = [
        StoredFact(
            **owned(track.case_id, HIT, row.hit),
            **columns,
            fact=HIT,
            code="_and_".join(row.matched),
            name=row.reference,
            on_date=row.warned_on,
            ref_id=row.hit,
        )
        for row in found
        if row.hit not in known
    ]
    outcome = StoredFact(
        **owned(track.case_id, LOOKED_UP, track.pk),
        **columns,
        fact=LOOKED_UP,
        code="hit" if found else "no_hit",
        text=", ".join(COMPARED),
        on_date=today,
        is_so=bool(found),
    )
    made = StoredFact.objects.bulk_create([*rows, outcome])
    return found, made


class HitAnswers:
    """What the decider said of the earlier warnings that were found; only what was said after a hit was known counts."""

    def __init__(self, track: Track, found: list[EarlierWarning], stored: Iterable[StoredFact]) -> None:
        """Take from the track's rows what was stored of these hits in its round."""
        self.found = found
        self.stored = [row for row in stored if row.round == track.round and row.fact in {HIT, ANSWER}]

    def known_since(self, found: EarlierWarning) -> datetime:
        """Return since when this hit is known: it was stored at the first look-up that found it."""
        stored = [row.made_at for row in self.stored if row.fact == HIT and row.ref_id == found.hit]
        return min(stored, default=acting().moment)

    def answer_to(self, found: EarlierWarning) -> str:
        """Return what was said of this hit, of it alone or of all; nothing where it became known later."""
        since = self.known_since(found)
        said = [row for row in self.stored if row.fact == ANSWER and row.action in ANSWERED_ON]
        fits = [row for row in said if row.made_at >= since and row.ref_id in {None, found.hit}]
        return max(fits, key=lambda row: (row.ref_id is not None, row.made_at)).code if fits else ""

    def open_a_visit(self) -> bool:
        """Whether every hit is answered, and none goes to an investigation."""
        return all(self.answer_to(found) not in {"", "goes_to_investigation"} for found in self.found)

    def followed_by(self, approval: StoredFact) -> bool:
        """Whether an approval was given after every hit was known that is to be warned again."""
        again = [found for found in self.found if self.answer_to(found) == "warn_again_with_prosecutor"]
        return all(_is_later(approval, self.known_since(found)) for found in again)


def _is_later(row: StoredFact, moment: datetime) -> bool:
    """Whether a dated fact is of a later day than this moment, or of the same day and stored no earlier."""
    day = day_of(moment)
    return row.on_date is not None and (row.on_date > day or (row.on_date == day and row.made_at >= moment))


def known_here(
    people: Sequence[Mapping[str, Any]], places: Sequence[Mapping[str, Any]], besides: UUID | None = None
) -> list[KnownHere]:
    """Look up whether the agency has a report on these people or at these addresses; the look is on the trail.

    `besides` is the case of the report itself, which is not one that was known.
    """
    asked = [_of_person(person) for person in people] + [_of_place(place) for place in places]
    found: dict[object, KnownHere] = {}
    for values in asked:
        query = "SELECT * FROM lock.known_here(%s::text[], %s::text[], %s, %s::text[])"
        for case_id, called, matched, state, since, holders in _rows(query, values):
            if case_id == besides and case_id:
                continue
            key = case_id or len(found)
            earlier = found[key].matched if key in found else ()
            alike = tuple(sorted({*matched, *earlier}))
            found[key] = KnownHere(case_id, called or "", alike, state or "", since, tuple(holders or ()))
    compared = [word for word, rows in zip(COMPARED, (people, places), strict=True) if rows]
    cases = sorted(row.case_id for row in found.values() if row.case_id)
    shown = [str(one) for one in cases]
    record_read("look_up_known", Case, "", shown=shown, cases=cases, by=f"compared:{','.join(compared)}")
    return list(found.values())


def known_of(handoff: Handoff, kind: AgencyKind | None) -> list[KnownHere]:
    """Look up whom the agency knows of those in a report that came in: cases besides the report's own."""
    if kind not in LOOKS_AROUND or handoff.kind != "concern_report":
        return []
    items = list(PackageItem.objects.filter(handoff=handoff, package_version=handoff.package_version).order_by("position"))
    people = [person_from(item) for item in items if item.group == "identity"]
    places = [thaw(item.value) for item in items if item.group == "household"]
    return known_here(people, places, besides=handoff.case_id) if people or places else []


def _of_person(person: Mapping[str, Any]) -> list[Any]:
    tokens = tokens_of(person.get("family_name", ""), person.get("given_names", ""), person.get("birth_date"))
    said: dict[str, list[str]] = {}
    for kind, _, word in (token.partition(":") for token in tokens):
        said.setdefault(kind, []).append(word)
    return [said.get("name", []), said.get("whole", []), next(iter(said.get("born", ())), None), []]


def _of_place(place: Mapping[str, Any]) -> list[Any]:
    return [[], [], None, compared(keys_of(*(place.get(name, "") for name in KEYED)))]


def pass_signal(earlier: UUID, fresh: UUID, said: str) -> None:
    """Tell the people of an earlier case that a new report was joined to its household, and let them read it."""
    _rows("SELECT lock.pass_signal(%s, %s, %s, %s)", [acting().made_id("signal", earlier), earlier, fresh, said])
