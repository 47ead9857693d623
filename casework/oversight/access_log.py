"""Who saw what, when and why: the trail, for those who may read it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import QuerySet

from audit.destroy_expired import OF_THE_SYSTEM
from audit.models import BY_OTHERS, Entry
from audit.recording import record_read
from casework.access import named_cases, oversees_named_cases_only, reach_case
from casework.input.person_names import concerning
from casework.selectors.keys import read_key, written_key
from permissions.acting import acting
from permissions.models import Agency, User
from permissions.vocabulary import Action
from workflows.calendars import day_of

PAGE = 200
"""How many lines of a log stand on one page."""

Key = tuple[datetime, int]


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


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines of a log, newest first, and where the next page begins; nothing where this one is the last."""

    lines: list[AccessLine]
    following: str = ""


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """Whose entries are asked for, and of when."""

    cases: tuple[UUID, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    person: int | None = None
    organisation: int | None = None
    outcome: str = ""

    def seen(self) -> tuple[str, dict[str, Any]]:
        """Return the query of these entries: of cases by case, those of lists that showed them included; else by person."""
        tests = {
            "e.actor_id = %(person)s": self.person,
            "e.agency_id = %(organisation)s": self.organisation,
            "e.occurred_at >= %(since)s": self.since,
            "e.occurred_at < %(until)s": self.until,
            "e.outcome = %(outcome)s": self.outcome,
        }
        asked = " AND ".join(["true", *(test for test, value in tests.items() if value)])
        own = f"SELECT e.* FROM audit_entry e WHERE {asked}"  # noqa: S608 - our own words alone
        values = {
            "cases": list(self.cases),
            "person": self.person,
            "organisation": self.organisation,
            "since": self.since,
            "until": self.until,
            "outcome": self.outcome,
        }
        if not self.cases:
            return own, values
        lists = "SELECT e.* FROM lock.entries_showing(%(cases)s::uuid[], %(since)s, %(until)s) e"
        return f"{own} AND e.case_id = ANY (%(cases)s::uuid[]) UNION ALL {lists} WHERE {asked}", values

    def seen_by_agency(self) -> tuple[str, dict[str, Any]]:
        """Return the query of these entries as far as the log of the acting agency holds them: `kinds_of_entries`."""
        own, values = self.seen()
        kinds: tuple[str, ...] = ("e.agency_id = %(mine)s", OTHERS_HERE)
        values |= {"mine": acting().actor.agency_id, "of_trail": list(OF_THE_SYSTEM)}
        if oversees_named_cases_only():
            kinds = ("e.case_id = ANY (%(named)s::uuid[])",)
            values["named"] = list(named_cases())
        return " UNION ALL ".join(f"{own} AND {kind}" for kind in (*kinds, OF_TRAIL)), values


OTHERS_HERE = """
e.record_agency_id = %(mine)s
  AND (e.agency_id IS NULL OR e.agency_id < e.record_agency_id OR e.agency_id > e.record_agency_id)"""
"""As `audit.models.BY_OTHERS` is written, so that its index serves."""
OF_TRAIL = """
e.agency_id IS NULL AND e.word = ANY (%(of_trail)s) AND e.record_agency_id IS DISTINCT FROM %(mine)s"""
"""What happened to the trail itself, unless it is counted on the agency's record already."""

FOLDED = """
WITH seen AS MATERIALIZED ({seen}), folded AS (
  SELECT (s.occurred_at AT TIME ZONE 'Europe/Amsterdam')::date AS day, max(s.occurred_at) AS last_at, max(s.id) AS newest,
    count(*) AS times,
    array_agg(DISTINCT s.additional_data ->> 'shown') FILTER (WHERE s.verb = 'consult'
      AND strpos(s.additional_data ->> 'shown', '-') = 0) AS shown,
    array_agg(DISTINCT s.content_type_id) FILTER (WHERE s.changes IS NOT NULL) AS kinds
  FROM seen s GROUP BY day, s.actor_id, s.agency_id, s.role, s.purpose, s.basis, s.word, s.outcome,
    s.additional_data ->> 'emergency')
SELECT f.day, f.last_at, f.newest, f.times, f.shown, f.kinds, s.agency_id, s.role, s.word, s.verb, s.basis, s.purpose,
  s.outcome, s.actor_id FROM folded f JOIN seen s ON s.id = f.newest
  WHERE (f.last_at, f.newest) < (%(before_at)s, %(before)s) ORDER BY f.last_at DESC, f.newest DESC
"""
"""Folds first and bounds afterwards: whoever loads a page a thousand times fills one line, and hides nothing behind it."""
LAST: Key = (datetime.max.replace(tzinfo=UTC), 2**62)


def folded_in_database(
    seen: str, values: dict[str, Any], after: Key | None = None, most: int | None = None
) -> list[AccessLine]:
    """Return entries as lines, all of them, or so many after a key: one person, agency, role, act, day and result each.

    What somebody does in two memberships, on two bases or in an emergency is as many lines.
    """
    before_at, before = after or LAST
    bound = "" if most is None else f" LIMIT {most:d}"
    with connection.cursor() as cursor:
        cursor.execute(FOLDED.format(seen=seen) + bound, {**values, "before_at": before_at, "before": before})
        rows = cursor.fetchall()
    organisations = dict(Agency.objects.values_list("pk", "name"))
    people = dict(User.objects.filter(pk__in={row[13] for row in rows}).values_list("pk", "full_name"))
    kinds = {kind for row in rows for kind in row[5] or ()}
    models = dict(ContentType.objects.filter(pk__in=kinds).values_list("pk", "model")) if kinds else {}
    return [_folded_line(row, organisations, people, models) for row in rows]


def _folded_line(
    row: tuple[Any, ...], organisations: dict[int, str], people: dict[int, str], models: dict[int, str]
) -> AccessLine:
    day, last_at, newest, times, shown, kinds, agency, role, word, verb, basis, purpose, outcome, actor = row
    data = {name for text in shown or () for name in json.loads(text)} | {models[kind] for kind in kinds or ()}
    return AccessLine(
        day=day,
        last_at=last_at,
        organisation=organisations.get(agency or 0, ""),
        role=role,
        person=people.get(actor, ""),
        data=tuple(sorted(data)),
        word=word,
        verb=verb,
        basis=basis,
        purpose=purpose,
        result=outcome,
        times=times,
        entry_id=newest,
    )


def _record_look(cases: Sequence[UUID]) -> None:
    """Record that a log was read: an entry of each of the cases, or of the agency's log."""
    for case_id in cases:
        record_read(acting().action, Entry, case_id, case=case_id, shown=["entries"])
    if not cases:
        record_read(acting().action, Entry, "", shown=["entries"])


def entries_seen(cases: Sequence[UUID] = ()) -> list[Entry]:
    """Return every entry that the acting person may see, of cases or of the agency's log, for a story that counts them.

    The look itself is an entry of each of these cases.
    """
    if cases:
        query, values = LogQuestion(tuple(cases)).seen()
        found = list(Entry.objects.raw(query, values))
    else:
        found = [entry for kind in kinds_of_entries(Entry.objects.all()) for entry in kind]
    _record_look(cases)
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


def newest_of_agency(query: QuerySet[Entry], most: int, after: Key | None = None) -> list[Entry]:
    """Return the newest of these entries that the log of the acting agency holds, before a key where one is given."""
    if after:
        at, key = after
        query = query.filter(occurred_at__lte=at).exclude(occurred_at=at, pk__gte=key)
    found = [entry for kind in kinds_of_entries(query) for entry in kind.order_by("-occurred_at", "-id")[:most]]
    return sorted(found, key=lambda entry: (entry.occurred_at, entry.pk), reverse=True)[:most]


def _key(text: str) -> Key | None:
    found = read_key(text, int)
    return found[1:] if found else None


def case_log(  # noqa: PLR0913 - the parts of a question
    cases: Sequence[UUID] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    person: int | None = None,
    organisation: int | None = None,
    after: str = "",
) -> LogPage:
    """Return a page of who saw and did what, the same kind on the same day folded into one line.

    Everything is folded before the page is cut, of cases, of one person and of an agency alike: who loads a page a thousand
    times buries no other look behind it. The look itself is an entry of each of these cases.
    """
    question = LogQuestion(tuple(cases), since, until, person, organisation)
    seen = question.seen() if cases or person else question.seen_by_agency()
    lines = folded_in_database(*seen, _key(after), PAGE + 1)
    _record_look(cases)
    last = lines[PAGE - 1] if len(lines) > PAGE else None
    return LogPage(lines[:PAGE], written_key(0, last.last_at, last.entry_id) if last else "")


def whole_log(cases: Sequence[UUID]) -> list[AccessLine]:
    """Return all that was seen and done in cases, folded, for a report that is handed over; without what was refused."""
    return folded_in_database(*LogQuestion(tuple(cases), outcome="done").seen())


def log_of_own_case(
    case_id: UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str = "",
) -> LogPage:
    """Return the access log of a case to who leads it: reached first, so that a wall hides its log too."""
    reach_case(case_id, Action.SEE_CASE_LOG)
    return case_log([case_id], since, until, after=after)


def lines_of(entries: Iterable[Entry]) -> list[AccessLine]:
    """Return each of these entries as a line of a log."""
    names = dict(Agency.objects.values_list("pk", "name"))
    return [_line(entry, names.get(entry.agency_id or 0, "")) for entry in entries]


def _line(entry: Entry, organisation: str) -> AccessLine:
    shown = (entry.additional_data or {}).get("shown", ())
    data = shown if entry.verb == "consult" else [entry.content_type.model] if entry.changes else []
    return AccessLine(
        day=day_of(entry.occurred_at),
        last_at=entry.occurred_at,
        organisation=organisation,
        role=entry.role,
        person=entry.actor.full_name if entry.actor else "",
        data=tuple(sorted({name for name in data if "-" not in name})),
        word=entry.word,
        verb=entry.verb,
        basis=entry.basis,
        purpose=entry.purpose,
        result=entry.outcome,
        times=1,
        entry_id=entry.pk,
    )


def cases_of_person(family_name: str, birth_date: date, given_names: str = "") -> list[UUID]:
    """Return the cases in which somebody is recorded by these names and this birth date, as far as they are known there.

    Whoever reviews the log learns that there are such cases, and nothing of them; what was typed is stored nowhere.
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
    if found is None:
        record_read(acting().action, Entry, "", shown=[], by="reference")
    return found
