"""A count is a whole number within its bounds, and where it is not, the bound is told."""

import pytest
from django.utils.translation import override

from casework.input.parts import PARTS
from casework.input.read import Malformed, read_value
from web.words import complaint

COLUMNS = {(part, column.name): column for part in PARTS for column in PARTS[part]}


@pytest.mark.parametrize(
    ("part", "name", "typed", "said"),
    [
        ("person", "estimated_age", "900", "Write a whole number of at most 130."),
        ("sample", "size", "501", "Write a whole number of at most 200."),
        ("sample", "size", "0", "Write a whole number of at least 1."),
        ("visit_report", "warned", 1000, "Write a whole number of at most 999."),
        ("sample", "size", "many", "Write a whole number."),
        ("sample", "size", "-1", "Write a whole number."),
        ("assignment", "person", "99999999999", "Choose somebody of your own agency."),
    ],
)
def test_a_number_beyond_its_bounds_is_told_which_one(part, name, typed, said):
    with pytest.raises(Malformed) as met:
        read_value(part, COLUMNS[part, name], typed)
    if name == "person":
        assert met.value.why == "not_a_member", "a row that is not there has no largest number"
    else:
        with override("en"):
            assert complaint(met.value) == said


@pytest.mark.parametrize(("name", "typed", "read"), [("size", "1", 1), ("size", "200", 200)])
def test_the_bounds_themselves_will_do(name, typed, read):
    assert read_value("sample", COLUMNS["sample", name], typed) == read
