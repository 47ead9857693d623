"""Searching one's own scope by name, birth date or reference; every search is on the trail, without what was typed."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from audit.models import Entry
from audit.recording import record_read
from casework import grants
from casework.access import allow, within_reach
from casework.days import read_day
from casework.inputs import Malformed
from casework.models import Case, KnownCheck, NameToken, PersonInCase, Ruling
from casework.names import REFERENCE, words_of
from casework.selectors.paging import Page, page_of
from permissions.acting import acting
from permissions.decision import Missing, Relation
from permissions.vocabulary import Action
from workflows.calendars import AMSTERDAM

FOUND = 50
PROMPTED_FROM = 10
"""From how many searches an hour a reason is asked (docs/decisions/0006)."""
SEARCHES = (Action.SEARCH_OWN, Action.CHECK_KNOWN)
READ_AT_ONCE = 500
LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Found:
    """A case in which the words were found, with the person where one was."""

    case_id: UUID
    reference: str
    person: PersonInCase | None


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found, and whether there is more than is shown."""

    rows: list[Found]
    more: bool


def searches_lately() -> int:
    """Count the acting person's searches of the last hour, however much else they did in it."""
    act = acting()
    since = act.moment - timedelta(hours=1)
    mine = Entry.objects.filter(actor_id=act.actor.person_id).order_by("-id")
    count: int = 0
    last: int | None = None
    while True:
        older = mine if last is None else mine.filter(pk__lt=last)
        rows = list(older.values_list("word", "verb", "outcome", "occurred_at", "pk")[:READ_AT_ONCE])
        count += sum(
            word in SEARCHES and (verb, outcome) == ("consult", "done") and at > since for word, verb, outcome, at, _ in rows
        )
        if len(rows) < READ_AT_ONCE or rows[-1][3] <= since:
            return count
        last = rows[-1][4]


def search_own(typed: str, why: str = "", most: int = FOUND) -> Search:
    """Return the cases within reach in which every word is found, and whether there are more than are shown.

    The look is found by each case that it showed. A reason is asked after many searches an hour.
    """
    allow(Relation(same_agency=True), Action.SEARCH_OWN)
    lately = searches_lately()
    if lately >= PROMPTED_FROM and not why:
        raise Malformed("search", "why", "many_searches")
    rows = _search(typed.strip().casefold(), most + 1)
    found = rows[:most]
    cases = {row.case_id for row in found}
    record_read("search_own", Case, "", shown=["people"] if found else [], cases=cases, by=f"why:{why}" if why else "")
    grants.many_searches(lately)
    return Search(found, len(rows) > most)


def _search(typed: str, most: int) -> list[Found]:
    agency_id = acting().actor.agency_id
    mine = Ruling.objects.filter(group_id=agency_id or 0)
    if REFERENCE.fullmatch(typed):
        return [Found(row.content_object_id, row.reference, None) for row in mine.filter(reference=typed)[:most]]
    kinds = _wanted(typed)
    if not kinds:
        return []
    tokens = NameToken.objects.filter(agency_id=agency_id)
    people = PersonInCase.objects.filter(agency_id=agency_id)
    for kind, low, high in kinds:
        people = people.filter(pk__in=tokens.filter(kind=kind, token__gte=low, token__lte=high).values("person_id"))
    called = Subquery(mine.filter(content_object_id=OuterRef("case_id")).values("reference")[:1])
    rows = people.annotate(called=called).exclude(called=None).order_by("-made_at", "id")[:most]
    return [Found(row.case_id, row.called, row) for row in rows]


def _wanted(typed: str) -> list[tuple[str, str, str]]:
    """Return what must be found, as (kind, from, until): a birth date exactly, a word of a name as its beginning."""
    wanted, names = [], []
    for word in typed.split():
        try:
            day = read_day(word, acting().moment.astimezone(AMSTERDAM).date()).isoformat()
            wanted.append(("born", day, day))
        except ValueError:
            names.append(word)
    return [*wanted, *(("name", word, word + LAST) for word in words_of(" ".join(names)))]


def known_checks(after: str = "") -> Page[KnownCheck]:
    """Return a page of what other agencies asked, those not answered first."""
    rows = KnownCheck.objects.filter(agency_id=acting().actor.agency_id).select_related("asker_agency")
    found = page_of(rows, "made_at", after, done=Q(answered_at__isnull=False))
    record_read("known_checks", KnownCheck, "", shown=[str(row.pk) for row in found.rows])
    return found


def known_check_for(check_id: UUID) -> KnownCheck:
    """Return one question, for the page that answers it; raises Missing."""
    row = KnownCheck.objects.filter(pk=within_reach("known_check", check_id)).select_related("asker_agency").first()
    if row is None:
        raise Missing("no such question within reach")
    record_read(acting().action, KnownCheck, row.pk, case=row.case_id, record_agency=row.agency_id, shown=["known_check"])
    return row
