from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendars import (
    AMSTERDAM,
    Calendar,
    add_months,
    add_working_days,
    due,
    easter,
    holidays,
    is_working_day,
)


@pytest.mark.parametrize(
    ("year", "day"),
    [(2023, date(2023, 4, 9)), (2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5))],
)
def test_easter_falls_where_the_almanac_says(year, day):
    assert easter(year) == day


def test_the_holidays_are_those_of_the_law_and_the_fifth_of_may_is_one_every_year():
    assert set(holidays(2024)) == {
        date(2024, 1, 1),
        date(2024, 3, 29),
        date(2024, 4, 1),
        date(2024, 4, 27),
        date(2024, 5, 5),
        date(2024, 5, 9),
        date(2024, 5, 20),
        date(2024, 12, 25),
        date(2024, 12, 26),
    }
    assert date(2025, 4, 26) in holidays(2025), "the king's day moves when it is a Sunday"
    assert all(date(year, 5, 5) in holidays(year) for year in range(2020, 2040))


def local(moment: datetime) -> str:
    return moment.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M")


MONDAY = datetime(2024, 4, 29, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "unit", "calendar", "expected"),
    [
        (5, "working_days", Calendar.WORKING_DAYS_NL, "2024-05-07 00:00"),
        (5, "days", Calendar.TERMIJNENWET, "2024-05-07 00:00"),
        (10, "weeks", Calendar.TERMIJNENWET, "2024-07-09 00:00"),
        (3, "months", Calendar.CALENDAR, "2024-07-30 00:00"),
        (48, "hours", Calendar.ELAPSED_HOURS, "2024-05-01 12:00"),
        (15, "minutes", Calendar.ELAPSED_HOURS, "2024-04-29 12:15"),
    ],
)
def test_a_term_ends_where_the_law_says(number, unit, calendar, expected):
    assert local(due(MONDAY, number, unit, calendar)) == expected


def test_a_short_term_over_a_long_weekend_holds_two_working_days():
    thursday = datetime(2023, 4, 6, 10, tzinfo=UTC)
    assert local(due(thursday, 3, "days", Calendar.TERMIJNENWET)) == "2023-04-13 00:00"


def test_a_decreed_day_counts_as_free():
    assert local(due(MONDAY, 1, "working_days", Calendar.WORKING_DAYS_NL, {date(2024, 4, 30)})) == "2024-05-02 00:00"


def test_a_long_term_is_not_lengthened():
    friday = datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert local(due(friday, 99, "days", Calendar.TERMIJNENWET)) == "2024-06-09 00:00"


def test_a_month_without_that_day_ends_on_its_last():
    assert add_months(date(2024, 11, 30), 3) == date(2025, 2, 28)
    assert add_months(date(2023, 10, 31), 1) == date(2023, 11, 30)


@given(st.dates(date(2000, 1, 1), date(2080, 1, 1)), st.integers(1, 30))
def test_counting_working_days_passes_exactly_that_many(day, number):
    last = add_working_days(day, number)
    passed = sum(is_working_day(date.fromordinal(n)) for n in range(day.toordinal() + 1, last.toordinal() + 1))
    assert passed == number
    assert is_working_day(last)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), st.integers(1, 60))  # noqa: DTZ001 - made aware below
def test_a_term_of_the_law_never_ends_on_a_free_day(moment, number):
    end = due(moment.replace(tzinfo=UTC), number, "days", Calendar.TERMIJNENWET)
    last = date.fromordinal(end.astimezone(AMSTERDAM).date().toordinal() - 1)
    assert is_working_day(last)
