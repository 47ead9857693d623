"""A day is read as a caseworker types it, by what it means, and nothing else is taken for a day."""

from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from casework.input.dates import (
    Meaning,
    Precision,
    age_on,
    from_written,
    part_date,
    precision_of,
    read_day,
    with_precision,
    written,
)
from casework.input.parts import PARTS
from casework.input.read import Malformed
from casework.input.schema import Kind
from casework.input.unfit import Unfit
from web.words import complaint

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
        BORN: {(part, "birth_date") for part in ("person", "person_correction", "known", "concerned")},
        PLANNED: {
            ("visit_plan", "date"),
            ("guardian_plan", "date"),
            ("safety_conditions", "date"),
            ("investigation_plan", "date"),
            ("monitoring_schedule", "date"),
            ("review_schedule", "date"),
            ("start_date", "date"),
            ("fact_correction", "date"),  # the fact that is corrected says which days are too late
            ("sharing", "since"),
            ("absence", "since"),
            ("partnership", "since"),
        },
        UNTIL: {
            (part, "until")
            for part in (
                "consent",
                "supervision_order",
                "fact_correction",
                "sharing",
                "partnership",
                "ending",
                "term",
                "absence",
            )
        },
    }
    for means, names in told.items():
        assert {name for name, column in columns.items() if column.means is means} == names, means
    happened = {name for name, column in columns.items() if column.means is HAPPENED}
    assert happened == set(columns) - {name for names in told.values() for name in names}, (
        "the rest is of what happened, and so is not ahead"
    )
    back = {(part, "until") for part in ("sign_off", "export", "sample")}
    assert back <= happened, "what is looked back on ends today at last"
    assert ("visit_report", "date") in happened


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


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("di 27-3-2018", date(2018, 3, 27)),
        ("Dinsdag, 27 maart 2018", date(2018, 3, 27)),
        ("tue 27 march 2018", date(2018, 3, 27)),
        ("vr vandaag", FRIDAY),
    ],
)
def test_a_day_of_the_week_that_fits_its_date_is_read_with_it(typed, read):
    assert read_day(typed, FRIDAY, HAPPENED) == read


@pytest.mark.parametrize(
    ("typed", "means", "it_is"),
    [
        ("maandag 27 maart 2018", HAPPENED, "tuesday"),
        ("zo. 27-3-1984", BORN, "tuesday"),
        ("ma 1-12", PLANNED, "tuesday"),
        ("do gisteren", HAPPENED, ""),
        ("monday 27-03-2018", UNTIL, "tuesday"),
    ],
)
def test_a_day_of_the_week_that_its_date_contradicts_is_told_and_never_dropped(typed, means, it_is):
    if not it_is:
        assert read_day(typed, FRIDAY, means) == date(2026, 3, 26)
        return
    with pytest.raises(Unfit) as found:
        read_day(typed, FRIDAY, means)
    assert (found.value.why, found.value.detail) == ("other_weekday", it_is)
    with override("nl"):
        said = complaint(Malformed("note", "date", "other_weekday", it_is))
    assert said == "Die dag is een dinsdag: kijk de dag van de week en de datum na."


@pytest.mark.parametrize("typed", ["maandag 1984", "di maart 1984", "ma ??-??-1984"])
def test_a_month_or_a_year_has_no_day_of_the_week(typed):
    with pytest.raises(ValueError, match=r"^not_a_day$"):
        read_day(typed, FRIDAY, BORN, partly=True)


@pytest.mark.parametrize(
    "typed",
    [
        *("0-0-84", "00-00-'84", "000084", "'84", "\u201984", "??-??-1984", "?-?-1984", "xx-xx-1984", "x.x.84"),
        *("1984-??-??", "__-__-1984", "rond 1984", "omstreeks 1984", "\u00b11984", "~ 1984", "+/- 1984", "ong. 1984"),
        *("about 1984", "1984?", "1984 (geschat)", "27 maart 1984 (geschat)", "27-3-1984 geschat", "circa 27-3-84"),
        *("rond maart 1984", "geb. 1984", "geboren ca. 1984"),
    ],
)
def test_a_birth_of_which_somebody_says_that_they_know_the_year_alone_is_of_that_year(typed):
    found = read_day(typed, FRIDAY, BORN, partly=True)
    assert (found, precision_of(found)) == (date(1984, 12, 31), "year")
    with pytest.raises(ValueError, match=r"^(needs_a_day|not_a_day)$"):
        read_day(typed, FRIDAY, HAPPENED)


@pytest.mark.parametrize("typed", ["00-03-84", "000384", "?-3-1984", "xx-03-1984", "__/03/84", "1984-03-??"])
def test_a_birth_whose_day_is_left_open_is_of_that_month(typed):
    found = read_day(typed, FRIDAY, BORN, partly=True)
    assert (found, precision_of(found)) == (date(1984, 3, 31), "month")


@pytest.mark.parametrize("typed", ["0-0-30", "'30", "000030", "rond '30"])
def test_a_year_of_two_digits_alone_is_of_the_century_of_a_birth(typed):
    assert read_day(typed, FRIDAY, BORN, partly=True).year == 1930


@pytest.mark.parametrize("typed", ["geb. 27-3-1984", "Geboren op 27 maart 1984", "geb 270384", "geboortedatum: 27-3-1984"])
def test_a_birth_date_is_read_with_the_word_that_stands_before_it(typed):
    assert read_day(typed, FRIDAY, BORN) == date(1984, 3, 27)


def test_a_roman_october_is_no_month_that_is_not_known():
    assert read_day("27-x-1984", FRIDAY, BORN) == date(1984, 10, 27)


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2008, 3, 27), date(2026, 3, 26), 17),
        (date(2008, 3, 27), date(2026, 3, 27), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 12, 31), date(2026, 1, 1), 17),
    ],
)
def test_somebody_is_a_year_older_on_their_birthday_and_not_before(born, day, years):
    assert age_on(born, day) == years
