"""What is told of a term is how it is counted: each day that did not count is named, and the day is that of the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from workflows.calendars import Calendar, day_of, due, is_working_day, local_midnight_after, plain_end
from workflows.clocks import ACUTE_CLOCKS, TERMS
from workflows.counting import TOO_FEW, Move, counted, last_day, moved

DECREED = frozenset({date(2026, 5, 15), date(2026, 12, 24)})
"""A Friday after Ascension Day and a day before Christmas, as if a decree had added them."""
STARTS = [datetime(2025, 12, 1, 11, 30, tzinfo=UTC) + timedelta(days=number) for number in range(400)]


@pytest.mark.parametrize("code", list(TERMS))
def test_each_day_of_a_term_counts_or_is_named(code: str) -> None:
    clock = TERMS[code]
    for start in STARTS:
        for place, number in enumerate(clock.numbers):
            found = counted(clock, start, DECREED, place=place)
            assert found is not None
            assert (found.number, found.due_at) == (number, due(start, number, clock.unit, clock.calendar, DECREED))
            between = (found.last - day_of(start)).days
            days = [day_of(start) + timedelta(days=one) for one in range(1, between + 1)]
            named = [day for day, _ in found.skipped]
            if clock.calendar is Calendar.WORKING_DAYS_NL:
                assert [day for day in days if day not in named] == [day for day in days if is_working_day(day, DECREED)]
                assert len(days) - len(named) == number
            elif clock.calendar is Calendar.TERMIJNENWET:
                ends = plain_end(day_of(start), number, clock.unit)
                assert named == [ends + timedelta(days=one) for one in range((found.last - ends).days)]
            else:
                assert named == []


def test_a_free_day_is_named_as_what_it_is() -> None:
    found = counted(TERMS["SAFETY_ASSESSMENT"], datetime(2026, 5, 13, 8, tzinfo=UTC), DECREED)
    assert found
    assert found.skipped == (
        (date(2026, 5, 14), "ascension_day"),
        (date(2026, 5, 15), "decreed_day"),
        (date(2026, 5, 16), "weekend"),
        (date(2026, 5, 17), "weekend"),
    )
    assert found.last == date(2026, 5, 22)
    of_law = counted(TERMS["ASSESSMENT_DECREE"], datetime(2026, 4, 30, 8, tzinfo=UTC))
    assert of_law
    assert of_law.skipped == ((date(2026, 5, 5), "liberation_day"),)
    over_christmas = counted(TERMS["ASSESSMENT_DECREE"], datetime(2025, 12, 24, 8, tzinfo=UTC))
    assert over_christmas
    assert over_christmas.skipped == ((date(2025, 12, 29), TOO_FEW),), "of its five days one was a working day"
    assert over_christmas.last == date(2025, 12, 30)


def test_what_is_acute_is_one_hour_whatever_the_day() -> None:
    for code in ACUTE_CLOCKS:
        found = counted(TERMS[code], datetime(2026, 12, 24, 22, 50, tzinfo=UTC), is_acute=True)
        assert found
        assert (found.number, found.unit, found.skipped) == (1, "hours", ())
        assert found.due_at == datetime(2026, 12, 24, 23, 50, tzinfo=UTC)


def test_a_day_that_was_chosen_is_counted_from_nothing_and_one_that_is_gone_is_none() -> None:
    chosen = [("other", date(2027, 1, 4)), ("other", date(2026, 12, 7))]
    start = datetime(2026, 11, 30, 9, tzinfo=UTC)
    found = counted(TERMS["FOLLOW_UP"], start, stored=chosen)
    assert found
    assert (found.number, found.last) == (0, date(2026, 12, 7))
    assert counted(TERMS["FOLLOW_UP"], start, place=2, stored=chosen) is None
    monthly = counted(TERMS["FOLLOW_UP"], start, place=2, stored=[("monthly", date(2026, 11, 30))])
    assert monthly
    assert (monthly.number, monthly.last) == (3, date(2027, 2, 28))


def test_moves_are_applied_one_after_another() -> None:
    calendar = Calendar.WORKING_DAYS_NL
    monday = datetime(2026, 11, 30, 9, tzinfo=UTC)
    ends = local_midnight_after(date(2026, 12, 9))
    until_friday = Move(monday, date(2026, 12, 4), is_pause=True)
    assert last_day(moved(ends, [until_friday], calendar, ())) == date(2026, 12, 14), "nine days on: a Sunday, so a Monday"
    longer = Move(monday + timedelta(days=1), date(2026, 12, 21))
    assert last_day(moved(ends, [until_friday, longer], calendar, ())) == date(2026, 12, 21)
    again = Move(monday + timedelta(days=1), date(2026, 12, 8), is_pause=True)
    both = moved(ends, [until_friday, again], calendar, ())
    assert last_day(both) == date(2026, 12, 18), "it stands still from where the first pause ends"
