"""Many kinds of rows in one statement: each as an array of JSON objects beside the row that they belong to."""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject

Row = dict[str, Any]


def rows_of(query: QuerySet[Any], *columns: str, **named: Any) -> ArraySubquery:
    """Return a subquery that answers these columns of each row, in the query's order."""
    return ArraySubquery(query.values(row=JSONObject(**{name: name for name in columns}, **named)))


def revived(rows: list[Row] | None) -> list[Row]:
    """Return the rows with their dates and moments read back."""
    return [{name: _revive(name, value) for name, value in row.items()} for row in rows or ()]


def _revive(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name.endswith(("_at", "_until")):
        return datetime.fromisoformat(value)
    if name.endswith(("_on", "_date")):
        return date.fromisoformat(value)
    return value
