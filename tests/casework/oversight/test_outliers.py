"""Each rule of the queue alone: it counts at its threshold and not below, and what weighs more stands first."""

from dataclasses import replace
from datetime import date

import pytest

from casework.oversight.outliers import BUSY, CHECKS, EMERGENCIES, RULES, Looks, judged, rank_outliers

ORDINARY = Looks(
    person=7, case="c", day=date(2026, 3, 2), times=1, busiest=1, is_named=True, has_worked=True, leads=False,
    has_own_surname=False, outside_hours=0, is_closed=False, checks=0, emergencies=0,
)  # fmt: skip
UNUSUAL = {
    "own_surname": replace(ORDINARY, has_own_surname=True),
    "no_task": replace(ORDINARY, is_named=False, has_worked=False),
    "many_in_an_hour": replace(ORDINARY, busiest=BUSY),
    "many_emergencies": replace(ORDINARY, emergencies=EMERGENCIES),
    "many_known_checks": replace(ORDINARY, checks=CHECKS),
    "closed_case": replace(ORDINARY, is_closed=True, has_worked=False),
    "outside_hours": replace(ORDINARY, outside_hours=1),
}


def names(looks):
    return [rule.name for rule, _ in judged(looks).reasons]


def test_ordinary_work_meets_no_rule():
    assert names(ORDINARY) == []
    assert rank_outliers([ORDINARY]) == []
    assert set(UNUSUAL) == {rule.name for rule in RULES}


@pytest.mark.parametrize("name", UNUSUAL)
def test_a_rule_counts_alone(name):
    assert names(UNUSUAL[name]) == [name]


@pytest.mark.parametrize(
    "looks",
    [
        replace(ORDINARY, busiest=BUSY - 1),
        replace(ORDINARY, emergencies=EMERGENCIES - 1),
        replace(ORDINARY, checks=CHECKS - 1),
        replace(ORDINARY, is_closed=True),
        replace(ORDINARY, is_named=False),
        replace(ORDINARY, is_named=False, has_worked=False, leads=True),
    ],
)
def test_below_its_threshold_or_with_a_reason_nothing_counts(looks):
    assert names(looks) == []


def test_what_weighs_most_stands_first_then_what_is_more_and_newer():
    both = replace(UNUSUAL["no_task"], has_own_surname=True)
    more, newer = replace(UNUSUAL["outside_hours"], times=3), replace(UNUSUAL["outside_hours"], day=date(2026, 3, 9))
    found = rank_outliers([UNUSUAL["outside_hours"], newer, more, UNUSUAL["no_task"], both])
    assert [one.looks for one in found] == [both, UNUSUAL["no_task"], more, newer, UNUSUAL["outside_hours"]]
    assert found[0].score == sum(rule.weight for rule in RULES if rule.name in {"own_surname", "no_task"})
