"""The common columns of what waits, from which key on and how many."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast
from django.db.models.lookups import IsNull

from casework.models import Assignment, Deadline, StoredFact
from permissions.acting import acting
from permissions.grid import Cell
from permissions.matrix import MATRIX
from permissions.vocabulary import Action

Key = tuple[int, datetime, UUID]
"""Where a page begins: after the row with this rank, moment and id."""
ACUTE, FIRST, LATER = 0, 1, 2
"""The ranks: what somebody said is acute, what else stands above everything, and the rest by its moment."""

PRESSING_STATES = ("prepared", "checked")
COLUMNS = ("rank", "sorted_at", "row", "waits", "in_case", "target", "until", "term", "since")


def said_acute() -> Exists:
    """Return whether the report of a term is acute: by who logged it, or by who checked it."""
    said = StoredFact.objects.filter(track_id=OuterRef("track_id"), made_at__gte=OuterRef("started_at"))
    return Exists(said.filter(Q(fact="acute") | Q(fact="acute_checked", is_so=True)))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows: after a key, within a span of terms, of one case, how many at most."""

    after: Key | None = None
    due_from: datetime | None = None
    due_until: datetime | None = None
    case_id: UUID | None = None
    most: int = 0
    has_untimed: bool = True
    """Whether what has no term, and so waits now, is within the span (`spans`)."""

    def spans(self, now: datetime) -> bool:
        """Whether this moment is within the span."""
        return not (self.due_from and self.due_from > now) and not (self.due_until and self.due_until <= now)

    def within(self, rows: QuerySet[Any], rank: int, *, has_term: bool) -> QuerySet[Any]:
        """Select the rows of the span, of the case and after the key."""
        if has_term and self.due_from is not None:
            rows = rows.filter(until__gte=self.due_from)
        if has_term and self.due_until is not None:
            rows = rows.filter(until__lt=self.due_until)
        if self.case_id is not None:
            rows = rows.filter(in_case=self.case_id)
        if self.after and self.after[0] == rank:
            _, moment, last = self.after
            rows = rows.filter(sorted_at__gte=moment).filter(Q(sorted_at__gt=moment) | Q(row__gt=last))
        return rows


def cell_of(action: Action) -> Cell:
    """Return the cell of the acting role for an action."""
    return MATRIX[action][acting().role]


def sees_agency() -> bool:
    """Whether the acting role sees every case of the agency."""
    return cell_of(Action.SEE_CASE) is Cell.OWN


def sees_named() -> bool:
    """Whether the acting role sees the cases on which the person is named."""
    return cell_of(Action.SEE_CASE) is Cell.NAMED


def assignments() -> QuerySet[Assignment]:
    """Return the assignments of the acting person that run now, in open cases and in closed ones."""
    act = acting()
    mine = {"user_id": act.actor.person_id, "agency_id": act.actor.agency_id}
    return Assignment.objects.running(act.moment).filter(**mine)


def own_cases() -> QuerySet[Assignment, UUID]:
    """Return the open cases on which the acting person is named now."""
    return assignments().filter(is_open=True).values_list("content_object_id", flat=True)


class _Among(Func):
    """Whether a value is among those of a list that is read once for a statement, however many rows are looked at."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def among(column: str, values: QuerySet[Any, Any]) -> Func:
    """Return whether a column is among these values; never a join, which the planner might start at the slow side."""
    return _Among(F(column), ArraySubquery(values))


def one_of(column: str, values: Any) -> Func:
    """Return whether a column is among values that were given, however many they are: by one parameter, a list."""
    return _Among(F(column), values)


def there_is(rows: QuerySet[Any]) -> IsNull:
    """Return whether there is such a row, asked for each outer row by the key of the inner one.

    A database without statistics makes of `Exists` a join in which every row meets all rows of the agency.
    """
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), rhs=False)


def there_is_no(rows: QuerySet[Any]) -> IsNull:
    """Return whether there is no such row; see `there_is`."""
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), rhs=True)


def within_own(query: QuerySet[Any]) -> QuerySet[Any]:
    """Select what is in a case of this person, where the acting role sees no others."""
    return query.filter(among("case_id", own_cases())) if sees_named() else query


def shaped(  # noqa: PLR0913 - the columns of a row
    asked: Asked,
    query: QuerySet[Any],
    waits: str,
    *,
    sort: Any,
    rank: int = LATER,
    case: str | None = "case_id",
    row: Any = "pk",
    about: Any = None,
    until: Any = None,
    term: Any = None,
    since: Any = None,
) -> QuerySet[Any]:
    """Return the rows of one kind in the common columns, in their order, from the key on, no more than are asked."""
    of = F(row) if isinstance(row, str) else row
    found = query.annotate(
        rank=Value(rank),
        sorted_at=sort,
        row=of,
        waits=Cast(Value(waits), TextField()),
        in_case=F(case) if case else Cast(Value(None), UUIDField()),
        target=about or of,
        until=until or Cast(Value(None), DateTimeField()),
        term=Cast(term or Value(""), TextField()),
        since=since or sort,
    )
    rows: QuerySet[Any] = found.order_by("sorted_at", "row").values_list(*COLUMNS)
    if (until is None and not asked.has_untimed) or (asked.after and asked.after[0] > rank):
        return rows.none()
    return asked.within(rows, rank, has_term=until is not None)[: asked.most]


def open_terms() -> QuerySet[Any]:
    """Return the open terms of the acting agency."""
    return Deadline.objects.filter(agency_id=acting().actor.agency_id, met_at=None)
