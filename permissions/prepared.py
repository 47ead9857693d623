"""Queries that are built once for a process and asked with other values each time.

Django makes the text of a query anew for each request, and for a page of many lists that costs far more than the database
needs to answer it. So a query is built with slots in the place of its values, also those of the running act, and its text
is stored; a query that differs in more than its values has another text. A text that stays the same also lets the database
reuse its plan (docs/performance.md).
"""

import threading
from collections.abc import Callable, Hashable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeAlias, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from audit import acting as lowest
from permissions.acting import Acting, acting

Row = TypeVar("Row")
MOST_TEXTS = 128
"""How many texts of one query are stored: which there are follows from addresses too, and nobody may fill the memory."""
FEW_TEXTS = 32
"""How many of a query whose text takes half a megabyte with what it was built from."""
OF_ACTOR = ("person_id", "agency_id", "membership_id", "name", "agency_name", "controller", "language")
OF_ACT = ("operation", "moment", "answer")
"""What one act has otherwise than another of the same role, action and kind."""
AnyField: TypeAlias = "Field[Any, Any]"


def _same(value: Any) -> Any:
    return value


class Slot(Value):
    """Where a value stands that is known only when the query is asked.

    Raises TypeError where it is read before: as text, or compared with anything but a part of a query. What was read would
    stand in the text of everybody. It is always true, as each value that is given is: what is not given has no slot.
    """

    def __init__(self, name: str, output_field: "AnyField | None" = None, then: Callable[[Any], Any] = _same) -> None:
        """Name the value; `then` makes of it what stands here."""
        super().__init__(name, output_field)
        self.then = then

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002 - the signature of Django
        """Return the place of a parameter, and this slot as what is put there."""
        return "%s", (self,)

    def _is_read(self) -> TypeError:
        return TypeError(f"the {self.value} of a prepared query is known only when it is asked")

    def __str__(self) -> str:
        raise self._is_read()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Expression):
            return super().__eq__(other)
        if other == "":
            return False  # Django asks each value whether it is one, for a database that has none
        raise self._is_read()

    __hash__ = Value.__hash__
    __format__ = object.__format__


def value_of(value: Any, output_field: AnyField, then: Callable[[Any], Any] = _same) -> Value:
    """Return a value as an expression, or the slot in which it will stand; `then` makes of it what stands there."""
    if isinstance(value, Slot):
        return Slot(value.value, output_field, then)
    return Value(then(value), output_field)


@dataclass(frozen=True, slots=True)
class _Built:
    """A query as it was built, and its text; `sql` is empty where it can find nothing whatever its values are."""

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]


class Prepared(Generic[Row]):
    """A query that is built once for each role, action and shape, and asked with values."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], most: int = MOST_TEXTS) -> None:
        """Build by a function that takes the shape and, by name, the values; it may ask `acting()` as any query does.

        At most so many texts are stored: those that were asked last.
        """
        self.build = build
        self.most = most
        self.built: dict[Hashable, _Built] = {}
        self._keeping = threading.Lock()

    def rows(self, *shape: Hashable, **values: Any) -> list[Row]:
        """Return what is found; a value of None is part of the shape, since SQL asks for it by other words."""
        act = acting()
        return _ask(self._of(act, shape, values, is_one=False), act, values)

    def first(self, *shape: Hashable, **values: Any) -> Row | None:
        """Return the first of what is found, None where there is nothing."""
        act = acting()
        found = _ask(self._of(act, shape, values, is_one=True), act, values)
        return found[0] if found else None

    def _of(self, act: Acting, shape: tuple[Hashable, ...], values: Mapping[str, Any], *, is_one: bool) -> _Built:
        who = act.actor
        without = who.agency_id is None, who.membership_id is None
        given = frozenset(name for name, value in values.items() if value is not None)
        key = (act.role, act.action, act.writes, act.is_first, who.kind, who.roles, without, is_one, shape, given)
        with self._keeping:
            built = self.built.pop(key, None)
            if built:
                self.built[key] = built  # in front of it stands what was asked longer ago
                return built
        slots = {name: Slot(name) if name in given else None for name in values}
        token = lowest.running.set(_slotted(act))
        try:
            queryset = self.build(*shape, **slots)
        finally:
            lowest.running.reset(token)
        built = _compiled(_one(queryset) if is_one else queryset)
        with self._keeping:
            self.built[key] = built
            while len(self.built) > self.most:
                del self.built[next(iter(self.built))]
        return built


def _slotted(act: Acting) -> Acting:
    """Return the act with a slot for everything in it that another act of the same shape has otherwise."""
    actor = {name: Slot(f"act {name}") for name in OF_ACTOR if getattr(act.actor, name) is not None}
    whole: dict[str, Any] = {name: Slot(f"act {name}") for name in OF_ACT if getattr(act, name) is not None}
    return replace(act, actor=replace(act.actor, **cast("Any", actor)), **whole)


def _one(queryset: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    return (queryset if queryset.ordered else queryset.order_by("pk"))[:1]


def _compiled(queryset: QuerySet[Any, Any]) -> _Built:
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        sql, params = "", ()
    compiler.connection = None  # that of the thread that built it; who asks has their own
    return _Built(queryset, compiler, sql, tuple(params))


def _ask(built: _Built, act: Acting, given: Mapping[str, Any]) -> list[Any]:
    """Run the text with these values and those of the act, on the connection of this thread, and return Django's rows."""
    if not built.sql:
        return []
    values = dict(given)
    for name in OF_ACTOR:
        values[f"act {name}"] = getattr(act.actor, name)  # a name that no argument can have
    for name in OF_ACT:
        values[f"act {name}"] = getattr(act, name)
    filled = tuple([one.then(values[one.value]) if isinstance(one, Slot) else one for one in built.params])
    compiler = copy(built.compiler)
    compiler.connection = connections[DEFAULT_DB_ALIAS]
    compiler.as_sql = lambda *_args, **_options: (built.sql, filled)  # type: ignore[method-assign]  # its text is made
    query: Any = copy(built.queryset.query)
    query.get_compiler = lambda *_args, **_options: compiler
    asked: Any = object.__new__(type(built.queryset))
    asked.__dict__.update(built.queryset.__dict__, _query=query, _result_cache=None)
    return list(asked)
