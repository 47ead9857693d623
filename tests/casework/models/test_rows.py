"""What a row says of itself, without asking the database."""

from datetime import UTC, date, datetime

import pytest

from casework.input.dates import Precision
from casework.models import PersonInCase, StoredFact, Visit

MADE, PLANNED, REPORTED = (datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3))


@pytest.mark.parametrize(
    ("visit", "reported", "last"),
    [
        (Visit(made_at=MADE), False, MADE),
        (Visit(made_at=MADE, planned_at=PLANNED), False, PLANNED),
        (Visit(made_at=MADE, planned_at=PLANNED, reported_at=REPORTED), True, REPORTED),
        (Visit(made_at=MADE, outcome="nobody_home"), True, MADE),
    ],
)
def test_a_visit_is_reported_once_it_has_an_outcome_or_a_report(visit, reported, last):
    assert visit.is_reported is reported
    assert visit.last_moment == last


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (StoredFact(code="calm", is_so=True), "calm"),
        (StoredFact(is_so=True), "yes"),
        (StoredFact(is_so=False), "no"),
        (StoredFact(), ""),
    ],
)
def test_a_fact_says_its_code_before_yes_or_no(fact, said):
    assert fact.said_code == said


def test_a_name_stands_in_dutch_order_without_gaps():
    assert PersonInCase(given_names="Testpersoon", infix="van de", family_name="Proef").name == "Testpersoon van de Proef"
    assert PersonInCase(family_name="Proef").name == "Proef"
    assert PersonInCase().name == ""


def test_a_birth_date_of_which_the_year_alone_is_known_is_no_day():
    whole = PersonInCase(birth_date=date(1984, 3, 31), birth_precision=Precision.DAY)
    assert whole.born == date(1984, 3, 31)
    year = PersonInCase(birth_date=date(1984, 12, 31), birth_precision=Precision.YEAR)
    assert str(year.born) != str(whole.born)
    assert PersonInCase().born is None
