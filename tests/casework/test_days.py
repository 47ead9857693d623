"""A day is read as a caseworker types it, by what it means, and nothing else is taken for a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.columns import Kind
from casework.days import Meaning, Precision, from_written, part_date, precision_of, read_day, with_precision, written
from casework.parts import PARTS

FRIDAY = date(2026, 3, 27)
BORN, HAPPENED, PLANNED, UNTIL = Meaning.BIRTH, Meaning.HAPPENED, Meaning.PLANNED, Meaning.UNTIL


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("27-3", date(2026, 3, 27)),
        ("27/03/2026", date(2026, 3, 27)),
        ("27032026", date(2026, 3, 27)),
        ("20260327", date(2026, 3, 27)),
        ("20260403", date(2026, 4, 3)),
        ("20120327", date(2012, 3, 27)),
        ("2026-03-27", date(2026, 3, 27)),
        ("27\u20113\u20112026", date(2026, 3, 27)),  # non-breaking hyphens, as a word processor writes them
        ("\u202a27-3-2026\u202c", date(2026, 3, 27)),
        (" Vandaag ", FRIDAY),
        ("gisteren", date(2026, 3, 26)),
        ("morgen", date(2026, 3, 28)),
        ("overmorgen", date(2026, 3, 29)),
        ("+1w", date(2026, 3, 30)),
        ("+5w", date(2026, 4, 7)),  # past Good Friday and Easter Monday
        ("31-12", date(2026, 12, 31)),
        ("26-3", date(2026, 3, 26)),
        ("2603", date(2026, 3, 26)),
        ("vrijdag 3 april", date(2026, 4, 3)),
        ("3 apr. 2026", date(2026, 4, 3)),
    ],
)
def test_a_day_to_come_is_read_as_it_is_typed(typed, read):
    assert read_day(typed, FRIDAY, PLANNED) == read_day(typed, FRIDAY, UNTIL) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("31-12", date(2025, 12, 31)),
        ("26-3", date(2026, 3, 26)),
        ("28-4", date(2025, 4, 28)),
        ("29-2", date(2024, 2, 29)),
        ("27-3-26", FRIDAY),
        ("1 december", date(2025, 12, 1)),
        ("dec 1, 2025", date(2025, 12, 1)),
        ("1st of december 2025", date(2025, 12, 1)),
    ],
)
def test_a_day_without_a_year_of_what_happened_is_the_last_that_has_been(typed, read):
    assert read_day(typed, FRIDAY, HAPPENED) == read


@pytest.mark.parametrize(
    ("typed", "read", "known_to"),
    [
        ("27 maart 1984", date(1984, 3, 27), "day"),
        ("27 Mrt. 1984", date(1984, 3, 27), "day"),
        ("27mrt1984", date(1984, 3, 27), "day"),
        ("27e maart 1984", date(1984, 3, 27), "day"),
        ("27 march 1984", date(1984, 3, 27), "day"),
        ("27-3-84", date(1984, 3, 27), "day"),
        ("27 mrt '84", date(1984, 3, 27), "day"),
        ("270384", date(1984, 3, 27), "day"),
        ("27-3-26", FRIDAY, "day"),  # born today
        ("28-3-27", date(1927, 3, 28), "day"),  # it cannot be a year ahead
        ("1984-00-00", date(1984, 12, 31), "year"),
        ("1984-03-00", date(1984, 3, 31), "month"),
        ("19840000", date(1984, 12, 31), "year"),
        ("19840300", date(1984, 3, 31), "month"),
        ("00001984", date(1984, 12, 31), "year"),
        ("20030300", date(2003, 3, 31), "month"),
        ("00031984", date(1984, 3, 31), "month"),
        ("ca. 1984", date(1984, 12, 31), "year"),
        ("ca 1984", date(1984, 12, 31), "year"),
        ("Circa 1984", date(1984, 12, 31), "year"),
        ("27-III-1984", date(1984, 3, 27), "day"),
        ("27 ix 84", date(1984, 9, 27), "day"),
        ("1984", date(1984, 12, 31), "year"),
        ("00-00-1984", date(1984, 12, 31), "year"),  # as registers write it
        ("maart 1984", date(1984, 3, 31), "month"),
        ("feb 1984", date(1984, 2, 29), "month"),
        ("3-1984", date(1984, 3, 31), "month"),
        ("1984-03", date(1984, 3, 31), "month"),
        ("00-03-1984", date(1984, 3, 31), "month"),
        ("2026", FRIDAY, "year"),  # the youngest that they can be
    ],
)
def test_a_birth_date_is_read_as_far_as_it_is_known(typed, read, known_to):
    found = read_day(typed, FRIDAY, BORN, partly=True)
    assert (found, precision_of(found)) == (read, known_to)


@pytest.mark.parametrize(
    ("typed", "means", "why"),
    [
        ("1-12", BORN, "needs_a_year"),
        ("12 mei", BORN, "needs_a_year"),
        ("28-3-26", BORN, "needs_a_year"),  # a slip of the day, or a century ago
        ("31-12-26", BORN, "needs_a_year"),
        ("280326", BORN, "needs_a_year"),
        ("27-3-27", BORN, "needs_a_year"),
        ("1984-00-00", HAPPENED, "needs_a_day"),
        ("1984-00-27", BORN, "no_such_day"),
        ("1984-13-00", BORN, "no_such_day"),
        ("ca. 1984", HAPPENED, "needs_a_day"),
        ("27-IIII-1984", BORN, "not_a_day"),
        ("28-3-2026", BORN, "in_future"),
        ("april 2026", BORN, "in_future"),
        ("2027", BORN, "in_future"),
        ("1899", BORN, "too_long_ago"),
        ("31-12-1899", BORN, "too_long_ago"),
        ("28-3-2026", HAPPENED, "in_future"),
        ("28-3", HAPPENED, "needs_a_year"),
        ("2803", HAPPENED, "needs_a_year"),
        ("2703", BORN, "needs_a_year"),
        ("2003", HAPPENED, "needs_a_day"),
        ("27 april", HAPPENED, "needs_a_year"),
        ("morgen", HAPPENED, "in_future"),
        ("+5w", HAPPENED, "in_future"),
        ("maart 1984", HAPPENED, "needs_a_day"),
        ("1984", UNTIL, "needs_a_day"),
        ("30-2-2026", PLANNED, "no_such_day"),
        ("29-2-2025", HAPPENED, "no_such_day"),
        ("32-1", PLANNED, "no_such_day"),
        ("1-1-9999", PLANNED, "too_far"),
        ("27-3-2077", UNTIL, "too_far"),
    ],
)
def test_what_a_day_cannot_be_has_its_own_word(typed, means, why):
    with pytest.raises(ValueError, match=f"^{why}$"):
        read_day(typed, FRIDAY, means, partly=means is BORN)


@pytest.mark.parametrize(
    "typed", ["", "+999w", "soon", "mei", "٢٧-٣", "1 2 3 4", "1984-", "9" * 5000, "\x00", "12345", "84"]
)
def test_anything_else_is_no_day(typed):
    for means in Meaning:
        with pytest.raises(ValueError):  # noqa: PT011 - the caller says which sentence
            read_day(typed, FRIDAY, means, partly=True)


@given(st.dates(min_value=date(1901, 1, 1), max_value=date(2040, 1, 1)), st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_every_day_is_read_back_in_each_way_of_writing(day, today):
    for text in (f"{day:%Y-%m-%d}", f"{day:%d-%m-%Y}", f"{day:%d%m%Y}", f"{day:%d %B %Y}", f"{day:%d.%m.%Y}"):
        assert read_day(text, today) == day
    assert read_day(f"{today:%d-%m}", today) == today


@given(st.text(max_size=30), st.sampled_from(Meaning), st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_whatever_is_read_can_be_what_it_means(typed, means, today):
    try:
        found = read_day(typed, today, means, partly=True)
    except ValueError:
        return
    assert found <= today or means in {PLANNED, UNTIL}


@given(st.dates(min_value=date(1901, 1, 1)), st.sampled_from(Precision))
def test_a_partly_known_date_is_written_and_stored_as_such(day, known_to):
    found = from_written(written(part_date(day, known_to)))
    assert precision_of(found) is known_to
    assert found >= day
    assert precision_of(with_precision(found, known_to)) is known_to


def test_every_date_that_can_be_typed_says_what_it_means():
    columns = {(part, column.name): column for part in PARTS for column in PARTS[part] if column.kind is Kind.DATE}
    told = {
        BORN: {("person", "birth_date"), ("known", "birth_date"), ("concerned", "birth_date")},
        PLANNED: {
            ("visit_plan", "date"),
            ("guardian_plan", "date"),
            ("safety_conditions", "date"),
            ("investigation_plan", "date"),
            ("monitoring_schedule", "date"),
            ("start_date", "date"),
        },
    }
    for means, names in told.items():
        assert {name for name, column in columns.items() if column.means is means} >= names, means
    back = {"sign_off", "export", "sample"}
    last = {part: column.means for (part, name), column in columns.items() if name == "until"}
    assert last == {part: HAPPENED if part in back else UNTIL for part in last}, "what is looked back on ends today at last"
    assert all(columns["visit_report", name].means is HAPPENED for name in ("date",))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("mrt 84", date(1984, 3, 31)),
        ("3/84", date(1984, 3, 31)),
        ("maart 32", date(1932, 3, 31)),
        ("12-99", date(1999, 12, 31)),
    ],
)
def test_a_month_with_a_year_of_two_digits_is_one(typed, read):
    found = read_day(typed, FRIDAY, BORN, partly=True)
    assert (found, written(found)) == (read, f"{read:%Y-%m}")
