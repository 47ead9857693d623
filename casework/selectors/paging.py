"""A list that goes on: so many rows a page, and the key at which the next page begins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet, Value

SIZE = 50
Row = TypeVar("Row")
Found = TypeVar("Found", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of a list, and the key of what follows; nothing where this is all."""

    rows: list[Row]
    following: str = ""


def key_of(moment: datetime, number: object, *, is_done: bool = False) -> str:
    """Return the key at which the page after this row begins."""
    return f"{int(is_done)}_{moment.isoformat()}_{number}"


def read_key(text: str) -> tuple[bool, datetime, str] | None:
    """Read a key from an address; a broken one begins at the start."""
    try:
        done, moment, number = text.split("_")
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (done == "1", at, number) if at.tzinfo else None


def after_key(query: QuerySet[Found], moment: str, text: str) -> QuerySet[Found]:
    """Return the rows that come after a key, newest first; all of them where there is none."""
    key = read_key(text)
    if key is None:
        return query
    _, at, number = key
    try:
        return query.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": number}))
    except (ValueError, TypeError):
        return query


def page_of(query: QuerySet[Found], moment: str, after: str = "", *, done: Q | None = None, size: int = SIZE) -> Page[Found]:
    """Return a page of rows, newest first; those of which `done` holds come after all the others."""
    last: Any = ExpressionWrapper(done, BooleanField()) if done is not None else Value(False, BooleanField())  # noqa: FBT003 - a value
    ordered: QuerySet[Any] = query.annotate(comes_last=last).order_by("comes_last", f"-{moment}", "-pk")
    key = read_key(after)
    if key:
        is_done, *_ = key
        rest = after_key(ordered.filter(comes_last=is_done), moment, after)
        ordered = rest if is_done or done is None else rest | ordered.filter(comes_last=True)
    found: list[Any] = list(ordered[: size + 1])
    if len(found) <= size:
        return Page(found)
    end = found[size - 1]
    return Page(found[:size], key_of(getattr(end, moment), end.pk, is_done=end.comes_last))
