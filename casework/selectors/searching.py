"""Searching one's own scope by name, birth date or reference; every search is on the trail, without what was typed."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from audit.models import Entry
from audit.recording import record_read
from casework import grants
from casework.access import allow, within_reach
from casework.days import Meaning, read_day
from casework.inputs import Malformed, local_today
from casework.marks import without_marks
from casework.models import Case, KnownCheck, NameToken, PersonInCase, Ruling
from casework.names import LAST, REFERENCE, Range, born_ranges, words_of
from permissions.acting import acting
from permissions.decision import Missing, Relation
from permissions.vocabulary import Action

FOUND = 50
PROMPTED_FROM = 10
"""From how many searches an hour a reason is asked (docs/decisions/0006)."""
SEARCHES = (Action.SEARCH_OWN, Action.CHECK_KNOWN)
LOOKED_BACK = 500
MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A case in which the words were found, with the person where one was."""

    case_id: UUID
    reference: str
    person: PersonInCase | None


def searches_lately() -> int:
    """Count the acting person's searches of the last hour, among their last LOOKED_BACK entries."""
    act = acting()
    since = act.moment - timedelta(hours=1)
    last = Entry.objects.filter(actor_id=act.actor.person_id).order_by("-id")
    rows = last.values_list("word", "verb", "outcome", "occurred_at")[:LOOKED_BACK]
    return sum(
        word in SEARCHES and (verb, outcome) == ("consult", "done") and at > since for word, verb, outcome, at in rows
    )


def search_own(typed: str, why: str = "") -> list[Found]:
    """Return the cases within reach in which every word is found; a reason is asked after many searches an hour."""
    allow(Relation(same_agency=True), Action.SEARCH_OWN)
    lately = searches_lately()
    if lately >= PROMPTED_FROM and not why:
        raise Malformed("search", "why", "many_searches")
    found = _search(typed.strip().casefold())
    record_read("search_own", Case, "", shown=sorted({str(row.case_id) for row in found}), by=f"why:{why}" if why else "")
    grants.many_searches(lately)
    return found


def _search(typed: str) -> list[Found]:
    agency_id = acting().actor.agency_id
    mine = Ruling.objects.filter(group_id=agency_id or 0)
    if REFERENCE.fullmatch(without_marks(typed).strip()):
        typed = without_marks(typed).strip()
        return [Found(row.content_object_id, row.reference, None) for row in mine.filter(reference=typed)[:FOUND]]
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
    rows = people.annotate(called=called).exclude(called=None).order_by("-made_at", "id")[:FOUND]
    return [Found(row.case_id, row.called, row) for row in rows]


def _wanted(typed: str) -> list[tuple[str, list[Range]]]:
    """Return what must be found, as kind and ranges of tokens: a birth date as far as it is known, each word's beginning."""
    wanted: list[tuple[str, list[Range]]] = []
    names, words = [], typed.split()[:MOST_WORDS]
    while words:
        length, born = _birth_date_in(words)
        if born:
            wanted.append(("born", born_ranges(born)))
        else:
            names.append(words[0])
        words = words[length:]
    return [*wanted, *(("name", [(word, word + LAST)]) for word in words_of(" ".join(names)))]


def _birth_date_in(words: list[str]) -> tuple[int, date | None]:
    """Return of how many words the birth date is with which these begin, three at most, and the date; 1 and none else."""
    for length in range(min(3, len(words)), 0, -1):
        try:
            return length, read_day(" ".join(words[:length]), local_today(), Meaning.BIRTH, partly=True)
        except ValueError:
            continue
    return 1, None


def known_checks() -> list[KnownCheck]:
    """Return what other agencies asked, those not answered first."""
    rows = KnownCheck.objects.filter(agency_id=acting().actor.agency_id).select_related("asker_agency")
    found = list(rows.order_by("-answered_at", "-made_at")[:FOUND])
    record_read("known_checks", KnownCheck, "", shown=[str(row.pk) for row in found])
    return found


def known_check_for(check_id: UUID) -> KnownCheck:
    """Return one question, for the page that answers it; raises Missing."""
    row = KnownCheck.objects.filter(pk=within_reach("known_check", check_id)).select_related("asker_agency").first()
    if row is None:
        raise Missing("no such question within reach")
    record_read(acting().action, KnownCheck, row.pk, case=row.case_id, record_agency=row.agency_id, shown=["known_check"])
    return row
