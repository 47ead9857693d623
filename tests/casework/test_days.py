"""A day is read as a caseworker types it, and nothing else is taken for a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.days import read_day

FRIDAY = date(2026, 3, 27)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("27-3", date(2026, 3, 27)),
        ("27/03/2026", date(2026, 3, 27)),
        ("27032026", date(2026, 3, 27)),
        ("2026-03-27", date(2026, 3, 27)),
        (" Vandaag ", FRIDAY),
        ("gisteren", date(2026, 3, 26)),
        ("morgen", date(2026, 3, 28)),
        ("+1w", date(2026, 3, 30)),
        ("+5w", date(2026, 4, 7)),  # past Good Friday and Easter Monday
        ("31-12", date(2025, 12, 31)),
    ],
)
def test_a_day_is_read_as_it_is_typed(typed, read):
    assert read_day(typed, FRIDAY) == read


@pytest.mark.parametrize("typed", ["", "29-2", "32-1", "1-13", "27-3-26", "+999w", "soon", "2026-02-30", "٢٧-٣"])
def test_anything_else_is_no_day(typed):
    with pytest.raises(ValueError):  # noqa: PT011 - the caller says which sentence
        read_day(typed, FRIDAY)


@given(st.dates(min_value=date(1901, 1, 1), max_value=date(2199, 1, 1)), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_every_day_is_read_back_in_each_way_of_writing(day, today):
    for text in (f"{day:%Y-%m-%d}", f"{day:%d-%m-%Y}", f"{day:%d%m%Y}"):
        assert read_day(text, today) == day
    assert read_day(f"{today:%d-%m}", today) == today
