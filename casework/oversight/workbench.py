"""The auditor's workbench: outliers, samples, what was written beside the trail, and how whole the trail is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Value
from django.db.models.functions import MD5, Cast, Concat

from audit.destroy_expired import OF_THE_SYSTEM
from audit.models import Entry
from audit.recording import record_read
from audit.sealer import Signed, known_keys, last_checkpoint, tip
from casework.access import allow, allow_oversight, named_cases, oversees_named_cases_only, within_reach
from casework.input.person_names import words_of
from casework.models import Disclosure, Review
from casework.oversight.access_log import AccessLine, kinds_of_entries, lines_of, whole_log
from casework.oversight.outliers import Looks, Outlier, rank_outliers
from casework.selectors.keys import read_key, written_key
from casework.selectors.paging import Page, page_of
from permissions.acting import acting
from permissions.decision import Missing, Relation
from permissions.models import Agency, Membership, User
from workflows.calendars import local_span

CHANGES = 20
NAMED = 10


@dataclass(frozen=True, slots=True)
class Integrity:
    """The newest checkpoint, and how old the first entry is that is not sealed."""

    signed: Signed | None
    age: timedelta


def integrity() -> Integrity:
    """Return what the badge says."""
    return Integrity(last_checkpoint(), tip().age)


@dataclass(frozen=True, slots=True)
class SystemChange:
    """What happened to the trail or to what guards the records: when, by which system actor, how much and what."""

    at: datetime
    role: str
    word: str
    count: int
    things: tuple[str, ...]
    more: int
    """How many more there are than are named."""


def state_of_trail(after: str = "") -> tuple[Integrity, list[str], Page[SystemChange]] | None:
    """Return how whole the trail is, the keys that signed it, and what was changed in what guards it, newest first.

    None for an external auditor who is named on no case now: the page is theirs, and shows nothing yet.
    """
    if oversees_named_cases_only() and not named_cases().exists():
        return None
    allow_oversight()
    record_read(acting().action, Entry, "", shown=["checkpoint", "rules"])
    rows = Entry.objects.filter(word__in=OF_THE_SYSTEM, agency_id=None).order_by("-id")
    key = read_key(after, int)
    found = list((rows.filter(pk__lt=key[2]) if key else rows)[: CHANGES + 1])
    following = written_key(0, found[CHANGES - 1].timestamp, found[CHANGES - 1].pk) if len(found) > CHANGES else ""
    return integrity(), known_keys(), Page([_system_change(row) for row in found[:CHANGES]], following)


def _system_change(row: Entry) -> SystemChange:
    said = row.additional_data or {}
    count = said.get("count", said.get("destroyed", 0))
    things = tuple(said.get("things", ())[:NAMED])
    return SystemChange(row.timestamp, row.role, row.word, count, things, count - len(things) if things else 0)


def outliers(since: datetime, until: datetime) -> list[tuple[Outlier, str, str]]:
    """Return the looks that meet a rule, what weighs most first, each with the person's name and the case's reference."""
    agency_id = acting().actor.agency_id
    names = dict(Membership.objects.filter(agency_id=agency_id).values_list("user_id", "user__full_name"))
    people = [(person, words_of(name)[-1]) for person, name in names.items() if words_of(name)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, of_case::text, on_day, times, busiest, is_named, has_worked, leads, has_own_surname,"
            " outside_hours, is_closed, checks, emergencies, called FROM lock.looks(%s, %s, %s::int[], %s::text[])",
            [since, until, [person for person, _ in people], [token for _, token in people]],
        )
        rows = cursor.fetchall()
    called = {row[1]: row[13] or "" for row in rows}
    first = rank_outliers(Looks(*row[:13]) for row in rows)
    record_read("outliers", Entry, "", shown=["entries"])
    missing = {one.looks.person for one in first} - set(names)
    names |= dict(User.objects.filter(pk__in=missing).values_list("pk", "full_name"))
    return [(one, names.get(one.looks.person, ""), called[one.looks.case]) for one in first]


def sample_of(review_id: UUID) -> tuple[Review, list[AccessLine]]:
    """Return a sample that an auditor of the agency drew: entries in the order of a hash of its seed, one line each.

    What came after it was drawn, such as a look at it, is not in it; so it is the same each time. Raises Missing.
    """
    row = Review.objects.filter(pk=within_reach("review", review_id), kind="sample").first()
    if row is None or row.since is None or row.until is None:
        raise Missing("sample")
    start, end = local_span(row.since, row.until)
    rows = (
        Entry.objects.select_related("actor", "content_type")
        .filter(occurred_at__gte=start, occurred_at__lt=end, pk__lte=row.entry_id or 0)
        .annotate(drawn=MD5(Concat(Value(f"{row.seed}:"), Cast("pk", CharField()))))
    )
    drawn = [entry for kind in kinds_of_entries(rows) for entry in kind.order_by("drawn")[: row.size]]
    found = sorted(drawn, key=lambda entry: entry.drawn)[: row.size]
    record_read("draw_sample", Review, row.pk, shown=["entries"])
    return row, lines_of(found)


def written_reviews(after: str = "") -> Page[Review]:
    """Return a page of what was written beside the trail of the agency, newest first."""
    rows = Review.objects.filter(agency_id=acting().actor.agency_id).select_related("made_by", "about")
    found = page_of(rows, "made_at", after)
    record_read("reviews", Review, "", shown=[str(row.pk) for row in found.rows])
    return found


def organisations() -> list[tuple[int, str]]:
    """Return the organisations whose people may stand in the log."""
    return list(Agency.objects.order_by("name").values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Report:
    """What a person may be told of who saw their data: roles and organisations, kinds of data, why, and to whom it went."""

    lines: list[AccessLine]
    disclosures: list[Disclosure]


def report_for_person(cases: Sequence[UUID]) -> Report:
    """Return who saw and did what in these cases and to whom data went; it stands on the trail. Names are left out."""
    allow(Relation(same_agency=True))
    lines = whole_log(cases)
    gone = Disclosure.objects.filter(case_id__in=cases).select_related("receiver").order_by("-disclosed_at")
    disclosures = list(gone)
    for case_id in cases:
        record_read(acting().action, Disclosure, case_id, case=case_id, shown=["entries", "disclosures"])
    return Report(lines, disclosures)
