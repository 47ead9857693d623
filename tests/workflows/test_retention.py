"""Periods of keeping are rows with a citation, and end on a day."""

from datetime import date

import pytest

from permissions.vocabulary import AgencyKind
from workflows.residual import FILES, Residual, remains
from workflows.retention import RETENTION, parse
from workflows.table import LawError

DAY = date(2028, 2, 29)
KINDS = {"sender": AgencyKind.POLICE, "receiver": AgencyKind.VICTIM_SUPPORT}


def test_a_period_ends_years_later_and_the_leap_day_counts_as_the_day_before():
    assert RETENTION["WPG8_REMOVE"].until(date(2026, 3, 27)) == date(2031, 3, 27)
    assert RETENTION["WPG8_REMOVE"].until(DAY) == date(2033, 2, 28)
    assert all(rule.source or rule.mark == "D" for rule in RETENTION.values())


@pytest.mark.parametrize("line", ["VT_FILE  5  writing  D  -  destroyed", "NEW_ONE  five  writing  D  -  destroyed"])
def test_a_wrong_row_is_named(line):
    table = f"code  years  from  mark  source  then\nVT_FILE  15  receipt  So  Wmo  destroyed\n{line}"
    with pytest.raises(LawError, match="line 3"):
        parse(table)


@pytest.mark.parametrize(
    ("code", "years", "source", "is_earliest"),
    [
        ("VT_FILE", 20, "Wmo 5.3.4(2), text of 2026-07-01", True),
        ("WMO_COLLEGE_FILE", 15, "Wmo 5.3.4(1)", False),
        ("GI_FILE", 20, "Jeugdwet 7.3.8(3) by 7.3.1(1)", False),
        ("OM_FILE", 30, "Wjsg 39d with 4", False),
        ("DISCLOSURE_LEDGER", 4, "Wpg 25(1)(c)", True),
        ("WPG14", 5, "Wpg 14(1)(2)", False),
    ],
)
def test_a_rule_has_its_years_and_source_and_says_whether_its_day_is_the_first_or_the_last(code, years, source, is_earliest):
    rule = RETENTION[code]
    assert (rule.years, rule.source, rule.is_earliest) == (years, source, is_earliest)


def test_what_comes_after_a_term_stands_with_it():
    assert "no provision to others" in RETENTION["WPG14"].then
    assert "20 years for an offence of less than 6 years" in RETENTION["OM_FILE"].then
    assert "longest file" in RETENTION["DISCLOSURE_LEDGER"].then
    assert all(rule.then for rule in RETENTION.values())


def test_every_kind_has_its_rule_or_its_own():
    assert FILES[AgencyKind.LOCAL_TEAM] == "WMO_COLLEGE_FILE"
    assert FILES[AgencyKind.CERTIFIED_INSTITUTION] == "GI_FILE"
    assert FILES[AgencyKind.PROSECUTION] == "OM_FILE"
    assert set(FILES.values()) <= set(RETENTION)
    assert AgencyKind.VICTIM_SUPPORT not in FILES


def test_what_remains_by_state():
    for state in ("prepared", "checked", "sent", "delivered", "acknowledged", "returned"):
        assert remains("referral", state, was_delivered=True, moved_on=DAY, kinds=KINDS) == ()
    taken = remains("referral", "started", was_delivered=True, moved_on=DAY, kinds=KINDS)
    assert [(row.end, row.what, row.until) for row in taken] == [
        ("sender", Residual.OWN_CONTRIBUTION, date(2033, 2, 28)),
        ("receiver", Residual.OWN_CONTRIBUTION, None),
    ]
    ended = remains("referral", "expired", was_delivered=True, moved_on=DAY, kinds=KINDS)
    assert [(row.what, row.until, row.word) for row in ended[1:]] == [
        (Residual.SUMMARY, date(2032, 2, 29), "residual:summary"),
    ]
    never = remains("referral", "withdrawn", was_delivered=False, moved_on=DAY, kinds=KINDS)
    assert [(row.what, row.until) for row in never[1:]] == [(Residual.NONE, DAY)]


def test_a_report_that_began_a_record_when_it_was_delivered_stays_there_when_it_is_taken_back():
    kinds = {"sender": AgencyKind.POLICE, "receiver": AgencyKind.VEILIG_THUIS}
    for state in ("withdrawn", "refused", "expired"):
        _, receiver = remains("concern_report", state, was_delivered=True, moved_on=DAY, kinds=kinds)
        assert (receiver.what, receiver.rule) == (Residual.BEGUN, RETENTION["VT_FILE"].source)
    _, receiver = remains("concern_report", "withdrawn", was_delivered=False, moved_on=DAY, kinds=kinds)
    assert receiver.what is Residual.NONE
    _, receiver = remains("referral", "withdrawn", was_delivered=True, moved_on=DAY, kinds=kinds)
    assert receiver.what is Residual.SUMMARY
