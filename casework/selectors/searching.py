"""Searching one's own scope by name, birth date, address, reference or number; each look is on the trail, not its words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value

from audit.recording import record_read
from casework.access import allow
from casework.input.addresses import searched_as
from casework.input.dates import Meaning, read_day
from casework.input.marks import without_marks
from casework.input.person_names import LAST, REFERENCE, Range, born_ranges, each_writing
from casework.input.read import Malformed, handoff_number, local_today
from casework.lock import grants
from casework.models import Case, Handoff, KnownCheck, NameToken, Participation, PersonInCase, Premises
from casework.selectors.keys import read_key, written_key
from casework.selectors.paging import SIZE, Page, shown_page, shown_row
from permissions.acting import acting
from permissions.decision import Relation, roles_with
from permissions.grid import Cell
from permissions.models import Agency
from permissions.vocabulary import Action

PAGE_SIZE = 50
PROMPTED_FROM = 10
"""From how many searches an hour a reason is asked (docs/decisions/0006)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A case in which the words were found, with the person or address where one was; or a handoff by its number."""

    case_id: UUID
    reference: str
    person: PersonInCase | None
    place: Premises | None = None
    handoff: Handoff | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found, and whether there is more than is shown."""

    rows: list[Found]
    more: bool


def search_own(typed: str, why: str = "", most: int = PAGE_SIZE) -> Search:
    """Return the cases within reach in which every word is found, and whether there are more than are shown.

    The look is found by each case that it showed. A reason is asked after many searches an hour.
    """
    allow(Relation(same_agency=True), Action.SEARCH_OWN)
    lately = grants.searches_lately()
    if lately >= PROMPTED_FROM and not why:
        raise Malformed("search", "why", "many_searches")
    rows = _search(typed.strip().casefold(), most + 1)
    found = rows[:most]
    cases = {row.case_id for row in found}
    said = (("people", [row.person for row in found]), ("premises", [row.place for row in found]))
    shown = [name for name, rows_of in (*said, ("handoffs", [row.handoff for row in found])) if any(rows_of)]
    record_read("search_own", Case, "", shown=shown, cases=cases, by=f"why:{why}" if why else "")
    grants.many_searches(lately)
    return Search(found, len(rows) > most)


def _search(typed: str, most: int) -> list[Found]:
    mine = Participation.objects.filter(group_id=acting().actor.agency)
    if number := handoff_number(without_marks(typed)):
        return _handoffs(number)
    if REFERENCE.fullmatch(without_marks(typed).strip()):
        typed = without_marks(typed).strip()
        return [Found(row.content_object_id, row.reference, None) for row in mine.filter(reference=typed)[:most]]
    return [*_people(typed, mine, most), *_premises(typed, mine, most)]


def _handoffs(number: str) -> list[Found]:
    """Return the handoff of this number at whose end the acting person stands; it is of one case."""
    ends = Handoff.objects.filter(number=number).select_related("sender", "receiver")
    return [Found(row.case_id, row.number, None, handoff=row) for row in ends]


def _premises(typed: str, mine: QuerySet[Participation], most: int) -> list[Found]:
    """Return the addresses of the own agency that may be meant, within reach: folded as they are stored."""
    patterns = searched_as(typed)
    if not patterns:
        return []
    called = Subquery(mine.filter(content_object_id=OuterRef("case_id")).values("reference")[:1])
    keys = Func(F("address_keys"), Value("\n"), function="array_to_string", output_field=TextField())
    any_of = "|".join(pattern.replace("%", r"[^\n]*") for pattern in patterns)
    rows = Premises.objects.filter(agency_id=acting().actor.agency_id).annotate(keys=keys, called=called)
    rows = rows.filter(keys__regex=rf"(^|\n)({any_of})($|\n)")
    return [Found(row.case_id, row.called, None, row) for row in _newest(rows, most)]


def _newest(rows: QuerySet[Any], most: int) -> QuerySet[Any]:
    return rows.exclude(called=None).order_by("-made_at", "id")[:most]


def _people(typed: str, mine: QuerySet[Participation], most: int) -> list[Found]:
    agency_id = acting().actor.agency_id
    kinds = _wanted(typed)
    if not kinds:
        return []
    tokens = NameToken.objects.filter(agency_id=agency_id)
    people = PersonInCase.objects.filter(agency_id=agency_id)
    for kind, ranges in kinds:
        within = Q()
        for low, high in ranges:
            within |= Q(token__gte=low, token__lte=high)
        people = people.filter(pk__in=tokens.filter(within, kind=kind).values("person_id"))
    called = Subquery(mine.filter(content_object_id=OuterRef("case_id")).values("reference")[:1])
    rows = people.annotate(called=called)
    return [Found(row.case_id, row.called, row) for row in _newest(rows, most)]


def _wanted(typed: str) -> list[tuple[str, list[Range]]]:
    """Return what must be found, as kind and ranges of tokens: a birth date as far as it is known, each word's beginning."""
    wanted: list[tuple[str, list[Range]]] = []
    names, words = [], typed.split()
    while words:
        length, born = _birth_date_in(words)
        if born:
            wanted.append(("born", born_ranges(born)))
        else:
            names.append(words[0])
        words = words[length:]
    return [*wanted, *(("name", [(one, one + LAST) for one in each]) for each in each_writing(" ".join(names)))]


def _birth_date_in(words: list[str]) -> tuple[int, date | None]:
    """Return of how many words the birth date is with which these begin, three at most, and the date; 1 and none else."""
    for length in range(min(3, len(words)), 0, -1):
        try:
            return length, read_day(" ".join(words[:length]), local_today(), Meaning.BIRTH, partly=True)
        except ValueError:
            continue
    return 1, None


def known_checks(after: str = "") -> Page[KnownCheck]:
    """Return a page of what other agencies asked, those not answered first."""
    rows = KnownCheck.objects.filter(agency_id=acting().actor.agency_id).select_related("asker_agency")
    return shown_page(rows, "known_checks", "made_at", after, Q(answered_at__isnull=False))


def known_check_for(check_id: UUID) -> KnownCheck:
    """Return one question, for the page that answers it; raises Missing."""
    return shown_row(KnownCheck.objects.select_related("asker_agency"), "known_check", check_id, "question")


@dataclass(frozen=True, slots=True)
class ToldOfKnown:
    """What an agency let somebody know who asked whether it knows a person: that they are to call, and what it said."""

    owner: str
    asked_at: datetime
    answered_at: datetime
    words: str


def told_of_known(after: str = "", since: datetime | None = None) -> Page[ToldOfKnown]:
    """Return a page of the answers to the acting person's own questions, newest first, or those since a moment.

    Nothing where the acting role asks no such questions. Raises Unreadable for a key that is none.
    """
    if acting().role not in roles_with(Action.CHECK_KNOWN, Cell.AGENCY):
        return Page([])
    _, *key = read_key(after, UUID) or (0, None, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM lock.told_of_known(%s, %s, %s) LIMIT %s", [since, *key, SIZE + 1])
        found = cursor.fetchall()
    names = dict(Agency.objects.filter(pk__in={owner for owner, *_said in found}).values_list("pk", "name"))
    rows = [ToldOfKnown(names[owner], *said) for owner, *said, _id in found]
    if rows or since is None:  # those of late are a part of the worklist, whose look is an entry of its own
        record_read("known_answers", KnownCheck, "", shown=["answers"] if rows else [])
    following = written_key(0, found[SIZE - 1][2], found[SIZE - 1][4]) if len(found) > SIZE else ""
    return Page(rows[:SIZE], following)
