"""Many kinds of rows in one statement: each as an array of JSON objects, read back as the class of its kind."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject

Shown = TypeVar("Shown")
Reader = Callable[[Any], Any]
READERS: Mapping[Any, Reader] = {UUID: UUID, datetime: datetime.fromisoformat, date: date.fromisoformat, tuple: tuple}
"""How what JSON has no word for is read back."""


def same_columns(kind: type[Any]) -> JSONObject:
    """Return an expression for a JSON object with the columns of this class, each under its own name."""
    return JSONObject(**{name: name for name in columns_of(kind)})


def columns_of(kind: type[Any]) -> tuple[str, ...]:
    """Return the columns of a class of rows, in their order."""
    return tuple(field.name for field in fields(kind))


def rows_of(query: QuerySet[Any], *columns: str, **named: Any) -> ArraySubquery:
    """Return a subquery that answers these columns of each row, in the query's order."""
    return ArraySubquery(query.values(row=JSONObject(**{name: name for name in columns}, **named)))


def read_rows(kind: type[Shown], found: Iterable[Mapping[str, Any]] | None) -> list[Shown]:
    """Return rows of JSON as this class has them; columns that it does not have are left out."""
    return [read_row(kind, row) for row in found or ()]


def read_row(kind: type[Shown], row: Mapping[str, Any]) -> Shown:
    """Return one row of JSON as this class has it; a column that the row does not say is as the class has it by itself."""
    return kind(**{name: read(row[name]) for name, read in _readers(cast("Any", kind)) if name in row})


@cache
def _readers(kind: Any) -> tuple[tuple[str, Reader], ...]:
    hints = get_type_hints(kind)
    return tuple((name, partial(_read, _reader(hints[name]))) for name in columns_of(kind))


def _reader(hint: Any) -> Reader | None:
    """Return how a value of this type is read; nothing where JSON has it as it is."""
    if isinstance(hint, UnionType):
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
    if isinstance(hint, type) and is_dataclass(hint):
        return partial(read_row, hint)
    return READERS.get(get_origin(hint) or hint)


def _read(reader: Reader | None, value: Any) -> Any:
    return value if value is None or reader is None else reader(value)
