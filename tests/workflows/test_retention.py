"""Periods of keeping are rows with a citation, and end on a day."""

from datetime import date

import pytest

from permissions.vocabulary import AgencyKind, Regime
from workflows.residual import FILES, Residual, remains
from workflows.retention import RETENTION, parse
from workflows.table import LawError

DAY = date(2028, 2, 29)
KINDS = {"sender": AgencyKind.POLICE, "receiver": AgencyKind.VICTIM_SUPPORT}


def test_a_period_ends_years_later_and_the_leap_day_counts_as_the_day_before():
    assert RETENTION["WPG8_REMOVE"].until(date(2026, 3, 27)) == date(2031, 3, 27)
    assert RETENTION["WPG8_REMOVE"].until(DAY) == date(2033, 2, 28)
    assert all(rule.source or rule.mark == "D" for rule in RETENTION.values())


@pytest.mark.parametrize("line", ["VT_FILE  5      writing  D     -", "NEW_ONE  five   writing  D     -"])
def test_a_wrong_row_is_named(line):
    table = f"code     years  from     mark  source\nVT_FILE  15     receipt  So    Wmo\n{line}"
    with pytest.raises(LawError, match="line 3"):
        parse(table)


def test_every_regime_has_its_rule_or_its_own():
    assert set(FILES) == {Regime.WPG, Regime.GDPR_WMO, Regime.GDPR_JEUGDWET}
    assert set(FILES.values()) <= set(RETENTION)


def test_what_remains_by_state():
    for state in ("prepared", "checked", "sent", "delivered", "acknowledged", "returned"):
        assert remains(state, was_delivered=True, moved_on=DAY, kinds=KINDS) == ()
    taken = remains("started", was_delivered=True, moved_on=DAY, kinds=KINDS)
    assert [(row.end, row.what, row.until) for row in taken] == [
        ("sender", Residual.OWN_CONTRIBUTION, date(2033, 2, 28)),
        ("receiver", Residual.OWN_CONTRIBUTION, None),
    ]
    ended = remains("expired", was_delivered=True, moved_on=DAY, kinds=KINDS)
    assert [(row.what, row.until, row.word) for row in ended[1:]] == [
        (Residual.SUMMARY, date(2032, 2, 29), "residual:summary"),
    ]
    never = remains("withdrawn", was_delivered=False, moved_on=DAY, kinds=KINDS)
    assert [(row.what, row.until) for row in never[1:]] == [(Residual.NONE, DAY)]
