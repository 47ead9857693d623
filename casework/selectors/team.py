"""The work of a team: who holds how much, who is away, what one person or nobody holds, and what came from whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate

from audit.recording import record_read
from casework.models import FAR, Absence, Assignment, Reassignment
from casework.models import Case as CaseShell
from casework.models.json_rows import read_rows, rows_of
from casework.selectors.waiting_kinds import unheld
from casework.selectors.waiting_rows import InCase, lines_of
from casework.selectors.waiting_shape import LATER, Key, open_terms
from casework.selectors.worklists import MOST_COUNTED, PAGE
from permissions.acting import acting
from permissions.decision import Missing, roles_with
from permissions.grid import Cell
from permissions.models import Membership
from permissions.prepared import Prepared
from permissions.vocabulary import Action
from workflows.calendars import AMSTERDAM, day_of, ends_of_day_and_week

HOLDING = roles_with(Action.SEE_CASE, Cell.OWN, Cell.NAMED)
"""Roles in which somebody holds a case; an external auditor who is named on one reads what was done on it."""
PEOPLE = 50
"""How many people one page of the team holds."""
TOLD_DAYS = 31
"""How long the worklist says that cases came from a colleague, or went to one."""


@dataclass(frozen=True, slots=True)
class Away:
    """An absence that runs today: until and with which day, who stands in, and whether they are there themselves."""

    until: date
    deputy: str | None = None
    deputy_id: int | None = None
    deputy_until: date | None = None
    """Until when the deputy is away too; nothing where they are there."""

    @property
    def is_covered(self) -> bool:
        """Whether somebody stands in who is there."""
        return bool(self.deputy) and self.deputy_until is None


@dataclass(frozen=True, slots=True)
class Load:
    """One person of the team: how many open cases they hold, how many of them are late and due within seven days.

    Each number goes to MOST_COUNTED + 1, which stands for more. A case is late where its nearest term has passed.
    """

    membership_id: UUID
    name: str
    cases: int
    late: int
    week: int
    away: Away | None


@dataclass(frozen=True, slots=True)
class Team:
    """One page of the people of a team, the key of the next, and how many open cases nobody holds."""

    people: tuple[Load, ...]
    following: UUID | None
    unheld: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody of the acting agency by one of their memberships."""

    membership_id: UUID
    person_id: int
    name: str
    away: Away | None


@dataclass(frozen=True, slots=True)
class HeldCase:
    """One open case of somebody: on one line, with its nearest term; none where no term runs."""

    case_id: UUID
    case: InCase
    due_at: datetime | None
    clock: str
    is_seen: bool
    """Whether the reader may open it and assign people to it: not before the agency has a record in it."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One page of the open cases of somebody, the key of the next, and how many there are, up to MOST_COUNTED + 1."""

    rows: tuple[HeldCase, ...]
    following: Key | None
    total: int


class _Count(Subquery):
    """How many rows a query has that says itself at how many it stops."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def held_cases(person_id: int | None) -> QuerySet[Any]:
    """Return the open cases that somebody of the agency holds, or that nobody holds, by their nearest term."""
    act = acting()
    rows: QuerySet[Any] = unheld()
    if person_id is not None:
        mine = {"user_id": person_id, "agency_id": act.actor.agency_id}
        rows = Assignment.objects.running(act.moment).filter(**mine, is_open=True)
    return rows.order_by("next_due_at", "content_object_id")


def _away(person: str, today: Any) -> QuerySet[Absence]:
    """Return the absence of a person that runs today; of several the one that lasts longest."""
    rows = Absence.objects.filter(user_id=OuterRef(person), agency_id=acting().actor.agency_id, replaced_at=None)
    return rows.filter(starts_on__lte=today, ends_on__gte=today).order_by("-ends_on", "id")


def _members(today: Any) -> QuerySet[Membership]:
    """Return the memberships of the acting agency, each with the absence of its person that runs today."""
    deputy_until = Subquery(_away("deputy_id", today).values("ends_on")[:1])
    columns = {"until": F("ends_on"), "deputy": F("deputy__full_name"), "deputy_until": deputy_until}
    away = rows_of(_away("user_id", today)[:1], "deputy_id", **columns)
    return Membership.objects.filter(agency_id=acting().actor.agency_id).annotate(name=F("user__full_name"), away=away)


def _team(*, today: Any, week: Any, at: Any, name: Any, last: Any) -> QuerySet[Membership]:
    act = acting()
    mine = {"user_id": OuterRef("user_id"), "agency_id": act.actor.agency_id}
    held = Assignment.objects.running(act.moment).filter(**mine, is_open=True).order_by().values("pk")
    several = Membership.objects.running(act.moment).filter(**mine, pk__lt=OuterRef("pk"), roles__overlap=list(HOLDING))
    absent = Subquery(_away("user_id", today).values("pk")[:1])
    rows = _members(today).filter(Q(ends_at=None) | Q(ends_at__gt=act.moment), starts_at__lte=act.moment)
    rows = rows.filter(roles__overlap=list(HOLDING)).alias(twin=Subquery(several.values("pk")[:1]), absent=absent)
    rows = rows.filter(twin=None).annotate(
        place=Case(When(absent=None, then=Value(1)), default=Value(0), output_field=IntegerField()),
        cases=_Count(held[: MOST_COUNTED + 1]),
        late=_Count(held.filter(next_due_at__lt=act.moment)[: MOST_COUNTED + 1]),
        week=_Count(held.filter(next_due_at__gte=act.moment, next_due_at__lt=week)[: MOST_COUNTED + 1]),
    )
    if at is not None:
        later = Q(user__full_name__gt=name) | Q(user__full_name=name, pk__gt=last)
        rows = rows.filter(Q(place__gt=at) | Q(place=at) & later)
    return rows.order_by("place", "user__full_name", "pk")


_TEAM: Prepared[Any] = Prepared(lambda most, **values: _team(**values)[:most])
_HOLDER: Prepared[Any] = Prepared(lambda *, membership, today: _members(today).filter(pk=membership))


def team(after: UUID | None = None) -> Team:
    """Return who works on cases in the acting agency, who is away first, then by name: a page after this membership."""
    now = acting().moment
    begins: dict[str, Any] = {"at": None, "name": None, "last": None}
    if after is not None:
        before = holder_in(after)
        if before is None:
            raise Missing("membership")
        begins = {"at": 0 if before.away else 1, "name": before.name, "last": after}
    found = _TEAM.rows(PEOPLE + 1, today=day_of(now), week=ends_of_day_and_week(now)[1], **begins)
    people = tuple(Load(row.pk, row.name, row.cases, row.late, row.week, _first(row.away)) for row in found[:PEOPLE])
    record_read("team", Membership, "", shown=[str(one.membership_id) for one in people])
    return Team(people, people[-1].membership_id if len(found) > PEOPLE else None, how_many(None))


def _first(away: Any) -> Away | None:
    return next(iter(read_rows(Away, away)), None)


def how_many(person_id: int | None) -> int:
    """Count the open cases of somebody, or of nobody, up to MOST_COUNTED + 1, which stands for more."""
    return held_cases(person_id).order_by()[: MOST_COUNTED + 1].count()


def holder_in(membership_id: UUID) -> Holder | None:
    """Return the person of a membership of the acting agency, one that ended too; None where there is no such one."""
    row = _HOLDER.first(membership=membership_id, today=day_of(acting().moment))
    return Holder(row.pk, row.user_id, row.name, _first(row.away)) if row else None


def absence_of(membership_id: UUID) -> Holder:
    """Return somebody with their absence, for the page on which it is set; raises Missing for another agency's."""
    found = holder_in(membership_id)
    if found is None:
        raise Missing("membership")
    record_read("absence", Membership, membership_id, shown=["absence"])
    return found


def holding_of(person_id: int | None, after: Key | None = None) -> Holding:
    """Return the open cases of somebody, or those that nobody holds, the nearest term first: a page from `after`."""
    rows = held_cases(person_id)
    if after:
        _, moment, last = after
        rows = rows.filter(next_due_at__gte=moment).filter(Q(next_due_at__gt=moment) | Q(content_object_id__gt=last))
    nearest = open_terms().filter(case_id=OuterRef("content_object_id")).order_by("due_at", "pk").values("clock")[:1]
    found = list(rows.annotate(clock=Coalesce(Subquery(nearest), Value(""), output_field=CharField()))[: PAGE + 1])
    lines = lines_of([row.content_object_id for row in found[:PAGE]])
    answer = tuple(
        HeldCase(
            row.content_object_id,
            lines.get(row.content_object_id, InCase(reference=row.reference)),
            None if row.next_due_at >= FAR else row.next_due_at,
            row.clock,
            row.content_object_id in lines,
        )
        for row in found[:PAGE]
    )
    cases = {row.case_id for row in answer}
    record_read("cases_of_member", CaseShell, "", shown=sorted(str(case) for case in cases), cases=cases)
    last_row = found[PAGE - 1] if len(found) > PAGE else None
    following = (LATER, last_row.next_due_at, last_row.content_object_id) if last_row else None
    return Holding(answer, following, how_many(person_id))


@dataclass(frozen=True, slots=True)
class Taker:
    """A colleague who can be given cases, and until when they are away; nothing where they are there."""

    person_id: int
    name: str
    away_until: date | None


def takers(but: int | None, *, with_oneself: bool = False) -> list[Taker]:
    """Return who of the acting agency works on cases, by name, without one person and without oneself.

    Nobody assigns to themselves; `with_oneself` is for what they may be chosen for all the same.
    """
    act = acting()
    today = day_of(act.moment)
    away = Subquery(_away("user_id", today).values("ends_on")[:1], output_field=DateField())
    rows = Membership.objects.running(act.moment).filter(agency_id=act.actor.agency_id, roles__overlap=list(HOLDING))
    rows = rows.exclude(user_id=but) if but is not None else rows
    rows = rows if with_oneself else rows.exclude(user_id=act.actor.person_id)
    found = rows.order_by("user__full_name").values_list("user_id", "user__full_name").annotate(away=away).distinct()
    return [Taker(*row) for row in found]


def references_of(person_id: int | None, cases: Sequence[UUID]) -> list[str]:
    """Return what the acting agency calls these cases of somebody, or of nobody."""
    rows = held_cases(person_id).filter(content_object_id__in=cases)
    return sorted(rows.values_list("reference", flat=True))


@dataclass(frozen=True, slots=True)
class ToldOfTeam:
    """What one is told of the team: cases that came or went, or for whom one stands in."""

    kind: str
    """`came`, `went`, or `stands_in`."""
    name: str
    """The colleague whom it concerns; nothing where nobody held the cases."""
    day: date
    """When the cases were handed over; of standing in, the last day."""
    cases: int
    code: str


def _told_of_team(*, since: Any, today: Any) -> QuerySet[Any]:
    act = acting()
    me, mine = act.actor.person_id, {"agency_id": act.actor.agency_id}
    on = TruncDate("made_at", tzinfo=AMSTERDAM)
    lately = Reassignment.objects.filter(**mine, made_at__gt=since)
    away = Absence.objects.filter(**mine, deputy_id=me, replaced_at=None, starts_on__lte=today, ends_on__gte=today)
    came = {"name": F("holder__full_name"), "at": on, "number": F("cases"), "why": F("code")}
    stands_in = {"name": F("user__full_name"), "at": F("ends_on"), "number": Value(0), "why": _text("")}
    kinds = (
        (lately.filter(taker_id=me), "came", came),
        (lately.filter(holder_id=me), "went", {**came, "name": F("taker__full_name")}),
        (away, "stands_in", stands_in),
    )
    told: list[QuerySet[Any]] = [
        rows.annotate(kind=_text(kind), **said).values_list("kind", *said) for rows, kind, said in kinds
    ]
    first, *others = told
    return first.union(*others, all=True).order_by("kind", "-at")


def _text(words: str) -> Cast:
    return Cast(Value(words), TextField())


_TOLD: Prepared[tuple[str, str | None, date, int, str]] = Prepared(_told_of_team)


def told_of_team() -> list[ToldOfTeam]:
    """Return which cases came to the acting person or went from them in the last month, and for whom they stand in."""
    now = acting().moment
    found = _TOLD.rows(since=now - timedelta(days=TOLD_DAYS), today=day_of(now))
    return [ToldOfTeam(kind, name or "", at, cases, code) for kind, name, at, cases, code in found]
