"""Who saw what, when and why: the trail, for those who may read it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from audit.keeping import OF_THE_SYSTEM
from audit.models import BY_OTHERS, Entry
from audit.recording import record_read
from casework.access import named_cases, oversees_named_cases_only, reach_case
from casework.names import concerning
from permissions.acting import acting
from permissions.models import Agency
from permissions.vocabulary import Action
from workflows.calendars import AMSTERDAM

MOST = 1000


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One line of an access review: what one person did in one way on one day, folded."""

    day: date
    last_at: datetime
    organisation: str
    role: str
    person: str
    data: tuple[str, ...]
    word: str
    verb: str
    basis: str
    purpose: str
    result: str
    times: int
    entry_id: int
    """The newest of the folded entries: what a note is written on."""


def entries_seen(
    cases: Sequence[UUID] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    person: int | None = None,
    organisation: int | None = None,
) -> list[Entry]:
    """Return the entries that the acting person may see: of one case, of several, or those of the agency's log.

    The look itself is an entry of each of these cases.
    """
    query: QuerySet[Entry] = Entry.objects.select_related("actor", "content_type")
    if cases:
        query = query.filter(case_id__in=cases)
    if person:
        query = query.filter(actor_id=person)
    if organisation:
        query = query.filter(agency_id=organisation)
    if since:
        query = query.filter(occurred_at__gte=since)
    if until:
        query = query.filter(occurred_at__lt=until)
    if cases:
        found = list(query.order_by("-occurred_at", "-id")[:MOST])
    elif person:
        found = list(query.order_by("-id")[:MOST])
    else:
        found = newest_of_agency(query, MOST)
    for case_id in cases:
        record_read(acting().action, Entry, case_id, case=case_id, shown=["entries"])
    if not cases:
        record_read(acting().action, Entry, "", shown=["entries"])
    return found


def kinds_of_entries(query: QuerySet[Entry]) -> tuple[QuerySet[Entry], ...]:
    """Return these entries as far as an agency's log holds them, each kind read by an index of its own.

    The kinds: what the acting agency's people did, what others did on its records, and what happened to the trail itself;
    for an external auditor those of the cases on which they are named. So a small agency does not wait for a large one.
    """
    mine = acting().actor.agency_id
    of_trail = query.filter(agency_id=None, word__in=OF_THE_SYSTEM)
    if oversees_named_cases_only():
        return (query.filter(case_id__in=list(named_cases())), of_trail)
    return (query.filter(agency_id=mine), query.filter(BY_OTHERS, record_agency_id=mine), of_trail)


def newest_of_agency(query: QuerySet[Entry], most: int) -> list[Entry]:
    """Return the newest of these entries that the log of the acting agency holds."""
    found = [entry for kind in kinds_of_entries(query) for entry in kind.order_by("-occurred_at", "-id")[:most]]
    return sorted(found, key=lambda entry: (entry.occurred_at, entry.pk), reverse=True)[:most]


def case_log(
    cases: Sequence[UUID] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    person: int | None = None,
    organisation: int | None = None,
) -> list[AccessLine]:
    """Return who saw and did what, the same kind on the same day folded into one line."""
    return folded_lines(entries_seen(cases, since, until, person=person, organisation=organisation))


def folded_lines(entries: Iterable[Entry]) -> list[AccessLine]:
    """Fold entries into lines: one person, one kind of act, one day, one result."""
    folded: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        day = entry.occurred_at.astimezone(AMSTERDAM).date()
        folded.setdefault((day, entry.actor_id, entry.word, entry.outcome), []).append(entry)
    names = dict(Agency.objects.values_list("pk", "name"))
    return [_line(group, names) for group in folded.values()]


def log_of_own_case(
    case_id: UUID,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[AccessLine]:
    """Return the access log of a case to who leads it: reached first, so that a wall hides its log too."""
    reach_case(case_id, Action.SEE_CASE_LOG)
    return case_log([case_id], since, until)


def _line(group: list[Entry], names: dict[int, str]) -> AccessLine:
    first = group[0]
    data: set[str] = set()
    for entry in group:
        shown = (entry.additional_data or {}).get("shown", ())
        data.update(shown if entry.verb == "consult" else [entry.content_type.model] if entry.changes else [])
    return AccessLine(
        day=first.occurred_at.astimezone(AMSTERDAM).date(),
        last_at=first.occurred_at,
        organisation=names.get(first.agency_id or 0, ""),
        role=first.role,
        person=first.actor.full_name if first.actor else "",
        data=tuple(sorted(name for name in data if "-" not in name)[:12]),
        word=first.word,
        verb=first.verb,
        basis=first.basis,
        purpose=first.purpose,
        result=first.outcome,
        times=len(group),
        entry_id=first.pk,
    )


def cases_of_person(family_name: str, birth_date: date, given_names: str = "") -> list[UUID]:
    """Return the cases in which somebody is recorded by these names and this birth date, as far as they are known there.

    Whoever reviews the log learns that there are such cases, and nothing of them; what was typed is nowhere kept.
    """
    asked = concerning(family_name, given_names, birth_date)
    kinds, lows, highs = ([row[place] for row in asked] for place in range(3))
    with connection.cursor() as cursor:
        query = "SELECT of_case FROM lock.cases_of_identity(%s::text[], %s::text[], %s::text[]) ORDER BY 1"
        cursor.execute(query, [kinds, lows, highs])
        found = [case_id for (case_id,) in cursor.fetchall()]
    if not found:
        record_read(acting().action, Entry, "", shown=[], by="person")
    return found


def case_by_reference(reference: str) -> UUID | None:
    """Return the case that the acting agency knows by this reference; an auditor sees that it is, and nothing of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.case_of_reference(%s)", [reference.strip().lower()])
        found: UUID | None = cursor.fetchone()[0]
    return found
