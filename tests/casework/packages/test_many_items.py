"""What is chosen for a package is read whole, or said to be too much: never cut."""

import pytest

from casework.input.read import Malformed, read_value
from casework.input.schema import Column, Kind
from web.words import complaint

COLUMN = Column("items", Kind.ITEMS)


@pytest.mark.parametrize("number", [1, 199, 200])
def test_as_many_items_as_fit_are_read_all_of_them(number):
    items = [f"note:{one}" for one in range(number)]
    assert read_value("package", COLUMN, items) == items
    assert read_value("package", COLUMN, " ".join(items)) == items


@pytest.mark.parametrize(("number", "over"), [(201, "1"), (450, "250")])
def test_more_items_are_one_complaint_that_says_how_many(number, over):
    with pytest.raises(Malformed) as found:
        read_value("package", COLUMN, [f"note:{one}" for one in range(number)])
    assert (found.value.why, found.value.detail, found.value.over) == ("too_many", "200", int(over))
    assert over in complaint(found.value)


def test_an_item_that_is_longer_than_any_that_is_offered_is_not_cut_into_one_that_is():
    with pytest.raises(Malformed):
        read_value("package", COLUMN, ["n" * 81])
