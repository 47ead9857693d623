"""Rows that come as JSON are read back as the class of their kind, with the types that it names."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from casework.models.json_rows import columns_of, read_row, read_rows


@dataclass(frozen=True, slots=True)
class Inner:
    on: date


@dataclass(frozen=True, slots=True)
class Outer:
    id: object
    at: datetime | None
    words: tuple[str, ...]
    inner: Inner | None = None
    count: int = 3


MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def test_each_column_is_read_back_as_its_type():
    found = read_row(Outer, {"id": "a", "at": MOMENT.isoformat(), "words": ["x", "y"], "inner": {"on": "2026-03-01"}})
    assert found == Outer("a", MOMENT, ("x", "y"), Inner(date(2026, 3, 1)))


def test_what_a_row_does_not_say_is_as_the_class_has_it_and_what_the_class_lacks_is_left_out():
    found = read_row(Outer, {"id": "a", "at": None, "words": [], "foreign": 1})
    assert found == Outer("a", None, ())
    with pytest.raises(TypeError, match="words"):
        read_row(Outer, {"id": "a", "at": None})


def test_no_rows_are_none_and_columns_keep_their_order():
    assert read_rows(Outer, None) == []
    assert columns_of(Outer) == ("id", "at", "words", "inner", "count")


def test_a_moment_that_is_none_stops_the_reading():
    with pytest.raises(ValueError, match="Invalid isoformat"):
        read_row(Outer, {"id": str(uuid4()), "at": "yesterday", "words": []})
