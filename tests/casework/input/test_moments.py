"""A moment and a month are read as people write them, and never guessed; the key of a page is read as we write it."""

from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.input.moments import read_moment, read_month
from casework.input.read import Malformed, read_typed, read_value
from casework.input.schema import Column, Kind
from casework.selectors.keys import Unreadable, read_key, written_key
from workflows.calendars import AMSTERDAM

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TODAY = date(2026, 11, 27)
FIRST, LAST = datetime(1900, 1, 1), datetime(9999, 1, 1)  # noqa: DTZ001 - the strategy adds the zone


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-03-27T10:00", "2026-03-27T10:00"),
        ("2026-03-27 10:00:00", "2026-03-27T10:00"),
        ("27-3-2026 10:00", "2026-03-27T10:00"),
        ("27 maart 10.30 uur", "2026-03-27T10:30"),
        ("27 mrt. 2026 om 9u05", "2026-03-27T09:05"),
        ("27 March 2026 at 14:30", "2026-03-27T14:30"),
        ("vrijdag 27 maart, 14 uur", "2026-03-27T14:00"),
        ("gisteren 14:30", "2026-11-26T14:30"),
        ("27\u20113\u20112026\u00a010:00", "2026-03-27T10:00"),
    ],
)
def test_a_moment_is_read_as_it_is_typed(typed, read):
    assert read_moment(typed, NOW) == datetime.fromisoformat(read).replace(tzinfo=AMSTERDAM)


def test_an_offset_is_read_and_now_is_now():
    for typed in ("2026-03-27T09:00Z", "2026-03-27T10:00+01:00", "2026-03-27 10:00 +0100", "2026-03-27T07:30-01:30"):
        assert read_moment(typed, NOW) == datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert read_moment("Nu", NOW) == read_moment("now", NOW) == NOW


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("x", "not_a_moment"),
        ("10:00", "not_a_moment"),
        ("27-3-2026", "needs_a_time"),
        ("maart 2026 10:00", "needs_a_day"),
        ("31-4-2026 10:00", "no_such_day"),
        ("29-3-2026 02:30", "no_such_moment"),
        ("27-3-2026 24:00", "no_such_time"),
        ("2026-03-27T10:00+99:00", "no_such_time"),
        ("vandaag 23:00", "in_future"),
        ("27-11-2027 10:00", "in_future"),
        ("1-1-1899 10:00", "too_long_ago"),
        ("x" * 43, "too_long 40:3"),
    ],
)
def test_what_is_no_moment_says_why(typed, why):
    with pytest.raises(Malformed, match=why):
        read_typed("moment", lambda text: read_moment(text, NOW), typed)


@pytest.mark.parametrize("typed", ["vandaag 10:00", "+5w 10:00", "27-3 10:00", "27-3-26 10:00", "nu"])
def test_a_moment_that_leans_on_today_is_none_where_nobody_told_the_day(typed):
    with pytest.raises(ValueError, match=r"needs_a_year|not_a_day"):
        read_moment(typed, None)
    assert read_moment("27 maart 2040", None, otherwise=time(9)) == datetime(2040, 3, 27, 9, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("this", "2026-11-01"),
        ("deze maand", "2026-11-01"),
        ("Last", "2026-10-01"),
        ("vorige", "2026-10-01"),
        ("2026-03", "2026-03-01"),
        ("maart 2026", "2026-03-01"),
        ("3-2026", "2026-03-01"),
        ("november 2026", "2026-11-01"),
    ],
)
def test_a_month_is_read_as_it_is_typed(typed, read):
    assert read_month(typed, TODAY) == date.fromisoformat(read)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2026", "month"),
        ("27-3-2026", "month"),
        ("maart", "month"),
        ("december 2026", "in_future"),
        ("13-2026", "no_such_day"),
    ],
)
def test_what_is_no_month_says_why(typed, why):
    with pytest.raises(Malformed, match=why):
        read_typed("month", lambda text: read_month(text, TODAY), typed)


@given(
    st.integers(0, 9),
    st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    st.uuids() | st.integers(0, 10**18 - 1),
)
def test_a_key_is_read_as_it_is_written(rank, moment, number):
    assert read_key(written_key(rank, moment, number), type(number)) == (rank, moment, number)


BROKEN = ["x", "0_x_y", "1_2026-01-01T00:00:00Z", "1_2026-01-01T00:00:00Z_", "1_2026-13-01T00:00:00Z_7", "7"]
BROKEN += ["1_2026-01-01T00:00:00_7", "1_0001-01-01T00:00:00Z_-7", "1_9999-12-31T23:59:59Z_7", "12_2026-01-01T00:00:00Z_7"]
BROKEN += [f"1_2026-01-01T00:00:00Z_{10**18}", "1_2026-01-01T00:00:00Z_7 ", "1_2026-01-01T00:00:00Z_\u0667"]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_key_is_refused_and_never_begins_anew(text):
    with pytest.raises(Unreadable):
        read_key(text, int)
    with pytest.raises(Unreadable):
        read_key(text, UUID)


def test_the_key_of_one_list_is_none_of_another():
    with pytest.raises(Unreadable):
        read_key(written_key(0, NOW, uuid4()), int)
    with pytest.raises(Unreadable):
        read_key(written_key(0, NOW, 7), UUID)
    assert read_key("", int) is None


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.NUMBER, "0" * 19 + "17"),
        (Kind.MEMBER, "0" * 19 + "17"),
        (Kind.CASE, "2026-1a2b3c" + " " * 50 + "2026-zzzzzz"),
        (Kind.DATE, "27 maart 2026" + " " * 30 + "of 28"),
        (Kind.SHORT, "n" * 121),
    ],
)
def test_what_is_longer_than_its_kind_is_refused_with_how_much_and_never_cut(kind, typed):
    column = Column("one", kind, most=99 if kind is Kind.NUMBER else 0)
    with pytest.raises(Malformed, match=r"too_long \d+:\d+") as found:
        read_value("part", column, typed)
    assert int(found.value.detail) + found.value.over == len(typed)
