"""A list that goes on: so many rows a page, and the key at which the next page begins; and one row of such a list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet, UUIDField

from audit.recording import record_read
from casework.access import within_reach
from casework.models import Emergency, Finding, KnownCheck
from casework.selectors.keys import read_key, written_key
from permissions.acting import acting
from permissions.decision import Missing

SIZE = 50
Row = TypeVar("Row")
Found = TypeVar("Found", bound=Model)
OfCase = TypeVar("OfCase", Emergency, Finding, KnownCheck)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of a list, and the key of what follows; nothing where this is all."""

    rows: list[Row]
    following: str = ""


def read_key_of(model: type[Model], text: str) -> tuple[int, datetime, int | UUID] | None:
    """Read where a page of these rows begins; raises Unreadable for a key that is none of theirs."""
    number = model._meta.pk  # noqa: SLF001 - Django's own way to a model's fields
    return read_key(text, UUID) if isinstance(number, UUIDField) else read_key(text, int)


def after_key(query: QuerySet[Found], moment: str, at: Any, number: Any) -> QuerySet[Found]:
    """Return the rows that come after the row of this moment and number, newest first."""
    return query.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": number}))


def page_of(query: QuerySet[Found], moment: str, after: str = "", *, done: Q | None = None, size: int = SIZE) -> Page[Found]:
    """Return a page of rows, newest first; those that are `done` come after all the others.

    Each of the two is asked by itself, so that an index gives it in its order: what is done only where the page has room.
    """
    key = read_key_of(query.model, after)
    from_done = bool(key and key[0])
    found: list[tuple[bool, Any]] = []
    for is_done, rows in ((False, query.filter(~done)), (True, query.filter(done))) if done else ((False, query),):
        if from_done and not is_done and done:
            continue
        rest = after_key(rows, moment, *key[1:]) if key and (bool(key[0]) == is_done or not done) else rows
        room = size - len(found)
        found += [(is_done, row) for row in rest.order_by(f"-{moment}", "-pk")[: room + 1]]
        if len(found) > size:
            break
    page = [row for _, row in found[:size]]
    if len(found) <= size:
        return Page(page)
    is_done, end = found[size - 1]
    return Page(page, written_key(int(is_done), getattr(end, moment), end.pk))


def shown_page(query: QuerySet[Found], name: str, moment: str, after: str, done: Q) -> Page[Found]:
    """Return a page of rows as `page_of` does, and record under this name that they were shown."""
    found = page_of(query, moment, after, done=done)
    record_read(name, query.model, "", shown=[str(row.pk) for row in found.rows])
    return found


def shown_row(query: QuerySet[OfCase], word: str, key: UUID, missing: str = "") -> OfCase:
    """Return one row of a case, for the page of an act on it, and record that it was shown; raises Missing.

    `word` says what it is to `within_reach` and on the trail, `missing` what Missing calls it where that is another word.
    """
    row = query.filter(pk=within_reach(word, key)).first()
    if row is None:
        raise Missing(missing or word)
    record_read(acting().action, query.model, row.pk, case=row.case_id, record_agency=row.agency_id, shown=[word])
    return row
