"""Which basis carries what to whom: every sender, receiver and set of limits, against docs/law.md section 5."""

import re
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from permissions.bases import (
    BASES,
    GROUPS,
    LIMITS,
    LISTS,
    NEVER_GROUPS,
    PROCESSING_BASES,
    REGIMES,
    SELF_FROM,
    WITHOUT_PERSONAL_DATA,
    Provision,
    bases_between,
    basis_holds,
    may_ever_share,
    missing_limits,
    own_basis,
    parse,
    parse_lists,
    processing_bases,
    regime_of,
)
from permissions.decision import ON_A_BASIS, Actor, roles_for
from permissions.grid import Cell, GridError
from permissions.matrix import MATRIX
from permissions.vocabulary import SYSTEM_ROLES, Action, AgencyKind, Regime, Role
from tests.oracle.law import TEXT
from web.intake import intake_of

BLOCK = next(b for b in re.findall(r"```\n(.*?)```", TEXT, re.DOTALL) if b.startswith("basis "))
ROWS = [re.split(r"\s{2,}", line.strip()) for line in BLOCK.strip().splitlines()[1:]]
NOBODY = {"helpline_anonymous", "national_rapporteur", "inspectorate", "platform_operator"}
CARE = {
    "veilig_thuis",
    "local_team",
    "youth_care_provider",
    "certified_institution",
    "child_protection_board",
    "probation",
    "forensic_care",
    "victim_support",
    "sexual_violence_centre",
    "halt",
    "care_safety_house",
}
"""The professionals of the page, one by one: a kind that is added later is none of them."""
WHOM = {
    "any": CARE | {"police", "prosecution"},
    "any professional but police, prosecution": CARE,
    "any but police, prosecution": CARE,
    "members of the partnership decision": CARE | {"police", "prosecution"},
}
SAID = {
    "WPG_15": {},
    "WPG_16_1A": {},
    "WPG_18_1": {"": "article letter task", "local_team": "youth_task", "halt": "minor"},
    "WPG_19": {"": "authority purpose interest functionary secrecy"},
    "WPG_20": {"": "partnership functionary"},
    "WMO_4_1_1_2D": {},
    "WMO_4_1_1_2E": {"": "interest"},
    "WMO_5_2_6": {"": "abuse"},
    "WMO_5_3_3_CONSENT": {"": "consent"},
    "JW_7_3_11_CONSENT": {"": "consent"},
    "JW_7_3_11_4": {"": "supervised asked"},
    "GDPR_CONSENT": {"": "consent"},
    "SR_40_CONFLICT_OF_DUTIES": {"": "danger supervisor"},
    "WJSG_39F": {"": "interest purpose approval"},
    "BJSG_17": {"": "request"},
}
"""The limits of each row, in our words, some for one kind of receiver alone."""
WORDS = {
    "article": "wpg_article 8 or 13_1",
    "letter": "the letter of Bpg 4:2",
    "task": "the receiver's task stored",
    "youth_task": "local_team only for Jeugdwet 2.3(1)(6), 2.4(1)",
    "minor": "halt only minors",
    "authority": "the competent authority's agreement",
    "purpose": "purpose",
    "interest": "interest",
    "functionary": "no special categories",
    "secrecy": "secrecy pointed out (4:8)",
    "partnership": "decision in force that names members and groups",
    "abuse": "abuse or its investigation",
    "consent": "consent",
    "supervised": "a stored supervision order",
    "asked": "asked or unasked stored",
    "danger": "acute danger named",
    "supervisor": "supervisor's approval",
    "approval": "approval",
    "request": "the request stored",
}
"""Where the page says each limit."""


GENERIC = (("GDPR_6_1E",), Regime.GDPR_GENERIC)
OWN = {
    "police": (("WPG_8", "WPG_9"), Regime.WPG),
    "prosecution": GENERIC,
    "veilig_thuis": (("WMO_4_1_1",), Regime.GDPR_WMO),
    "local_team": (("GDPR_6_1E",), Regime.GDPR_WMO),
    "youth_care_provider": (("JW_7_3",), Regime.GDPR_JEUGDWET),
    "certified_institution": (("JW_7_3",), Regime.GDPR_JEUGDWET),
    "child_protection_board": GENERIC,
    "probation": GENERIC,
    "forensic_care": GENERIC,
    "victim_support": GENERIC,
    "sexual_violence_centre": GENERIC,
    "halt": GENERIC,
    "care_safety_house": GENERIC,
}
"""On which basis, and under which law, each kind of agency keeps its own records."""


def kinds(words: str) -> set[str]:
    return WHOM[words] if words in WHOM else set(words.split())


LAW = {row[0]: (kinds(row[1]), kinds(row[2])) for row in ROWS}


def limits_of(code: str, receiver: str) -> set[str]:
    return {limit for kind, words in SAID[code].items() if kind in {"", receiver} for limit in words.split()}


def provision(basis: str, sender: str, receiver: str, held: set[str]) -> Provision:
    return Provision(basis, AgencyKind(sender), AgencyKind(receiver), held)


def test_the_rows_are_the_rows_of_the_law():
    assert list(BASES) == [row[0] for row in ROWS] == list(SAID)
    assert set(WORDS) == set(LIMITS)
    for code, _, _, said in ROWS:
        for words in SAID[code].values():
            for limit in words.split():
                assert WORDS[limit] in said, (code, limit)
        for limit, words in WORDS.items():
            if words in said and limit not in {"purpose", "interest", "approval", "abuse", "consent"}:
                assert any(limit in mine.split() for mine in SAID[code].values()), (code, limit)


@pytest.mark.parametrize("code", list(SAID))
def test_a_basis_carries_from_and_to_whom_the_law_says_under_its_limits_alone(code):
    senders, receivers = LAW[code]
    for sender, receiver in product(map(str, AgencyKind), map(str, AgencyKind)):
        goes = sender in senders and receiver in receivers
        everything = {*LIMITS, "confirmed"}
        assert basis_holds(provision(code, sender, receiver, everything)) is goes, (sender, receiver)
        asked = {*limits_of(code, receiver), "confirmed"}
        assert basis_holds(provision(code, sender, receiver, asked)) is goes, (sender, receiver)
        for one in asked:
            assert not basis_holds(provision(code, sender, receiver, everything - {one})), (sender, receiver, one)
            missing = missing_limits(provision(code, sender, receiver, everything - {one}))
            assert not goes or missing == (one,)


def test_a_kind_that_no_row_names_sends_and_receives_nothing():
    named = set.union(*(senders | receivers for senders, receivers in LAW.values()))
    assert {str(kind) for kind in AgencyKind} - named == NOBODY
    for nobody, other in product(sorted(NOBODY), AgencyKind):
        assert bases_between(AgencyKind(nobody), other) == ()
        assert bases_between(other, AgencyKind(nobody)) == ()
        for code in BASES:
            everything = {*LIMITS, "confirmed"}
            assert missing_limits(provision(code, nobody, str(other), everything))
            assert missing_limits(provision(code, str(other), nobody, everything))


def test_a_new_kind_of_agency_is_in_no_row_until_it_is_written_there():
    with pytest.raises(ValueError, match="new_kind"):
        parse_lists("any  police new_kind")
    assert parse_lists("some  police halt") == {"some": {AgencyKind.POLICE, AgencyKind.HALT}}
    for basis in BASES.values():
        assert basis.senders | basis.receivers <= set.union(set(), *(set(LISTS[name]) for name in LISTS))


def test_police_and_prosecution_have_their_own_bases_alone():
    for sender, prefixes in (("police", "WPG_"), ("prosecution", ("WJSG_", "BJSG_"))):
        for receiver in AgencyKind:
            assert all(basis.code.startswith(prefixes) for basis in bases_between(AgencyKind(sender), receiver))
    to_safety = [basis.code for basis in bases_between(AgencyKind.POLICE, AgencyKind.VEILIG_THUIS)]
    assert to_safety == ["WPG_18_1", "WPG_19", "WPG_20"]


def test_an_unknown_basis_carries_nothing():
    assert missing_limits(provision("NO_SUCH", "police", "police", {*LIMITS, "confirmed"})) == ("basis",)


def test_every_kind_keeps_its_records_under_its_own_law():
    assert {str(kind) for kind in WITHOUT_PERSONAL_DATA} == NOBODY
    assert own_basis(None) == "GDPR_6_1E"
    found = {str(kind): (processing_bases(kind), regime_of(kind)) for kind in set(AgencyKind) - WITHOUT_PERSONAL_DATA}
    assert found == OWN
    assert {str(kind): own_basis(kind) for kind in AgencyKind if str(kind) in OWN} == {
        kind: bases[0] for kind, (bases, _) in OWN.items()
    }


def test_a_kind_that_no_row_names_keeps_nothing_and_a_new_one_neither():
    """Every list of kinds is written out: whoever is in none of them has no basis, no law and no intake."""
    assert {str(kind) for kind in AgencyKind if not processing_bases(kind)} == NOBODY
    unlisted: list[Any] = [*map(AgencyKind, sorted(NOBODY)), "a_new_kind", None]
    for kind in unlisted:
        assert processing_bases(kind) == ()
        assert intake_of(kind) is None
        assert own_basis(kind) == "GDPR_6_1E", "what its people do beside records is on the trail all the same"
        assert regime_of(kind) in {None, Regime.NONE_ANONYMOUS}
    assert {kind for kind in AgencyKind if intake_of(kind)} == set(PROCESSING_BASES) == set(LISTS["any"])
    assert set(REGIMES) == {*PROCESSING_BASES, AgencyKind.HELPLINE_ANONYMOUS}


@pytest.mark.parametrize("kind", [*AgencyKind, "a_new_kind"])
def test_only_a_kind_that_keeps_records_does_anything_with_data_about_people(kind):
    """Over every kind and role: the rest, such as figures, oversight and people, is done by every kind alike."""
    keeps = str(kind) not in {*NOBODY, "a_new_kind"}
    for role in set(Role) - SYSTEM_ROLES:
        actor = Actor(7, 1, kind, (role,), uuid4())
        for action, row in MATRIX.items():
            may = row[role] is not Cell.NEVER and (keeps or action not in ON_A_BASIS)
            assert roles_for(actor, action) == ((role,) if may else ())
    assert {Action.OPEN_CASE, Action.RECORD_ADVICE, Action.ADD_NOTE, Action.WRITE_RECORD, Action.CHECK_KNOWN} <= ON_A_BASIS
    assert {Action.ASK_EMERGENCY, Action.PREPARE_HANDOFF, Action.ACCEPT_HANDOFF, Action.ASSIGN} <= ON_A_BASIS
    beside = {Action.SEE_STATISTICS, Action.SEE_ACCESS_LOG, Action.EXPLAIN_ACCESS, Action.MANAGE_PEOPLE, Action.OPERATE}
    assert not ON_A_BASIS & {*beside, Action.REVIEW_EMERGENCY, Action.MANAGE_AGREEMENTS, Action.MANAGE_CALENDAR}


def test_an_agreement_is_of_two_kinds_between_which_some_row_carries_something():
    for sender, receiver in product(AgencyKind, AgencyKind):
        carries = [code for code, (senders, receivers) in LAW.items() if sender in senders and receiver in receivers]
        assert may_ever_share(sender, receiver) is (carries != []), (sender, receiver)
        assert [basis.code for basis in bases_between(sender, receiver)] == carries
    assert not may_ever_share(AgencyKind.CARE_SAFETY_HOUSE, AgencyKind.HALT)
    assert not may_ever_share(None, AgencyKind.POLICE)


def test_no_package_holds_what_never_goes():
    assert not {group for groups in GROUPS.values() for group in groups} & set(NEVER_GROUPS)
    said = re.search(r"Never: (police intelligence), (source), (criteria) answers", TEXT)
    assert said
    assert {word.replace(" ", "_") for word in said.groups()} == set(NEVER_GROUPS)


def test_from_which_age_somebody_consents_to_sharing_themselves_is_the_law():
    said = re.search(r"GDPR_CONSENT from (\d+) self.*?; WMO_5_3_3 and JW_7_3_11 from (\d+) self", TEXT)
    assert said
    young, younger = map(int, said.groups())
    assert {"GDPR_CONSENT": young, "WMO_5_3_3_CONSENT": younger, "JW_7_3_11_CONSENT": younger} == SELF_FROM
    assert {basis.code for basis in BASES.values() if "consent" in basis.limits} == set(SELF_FROM)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("WPG_15  police  police  -", "basis line 3: WPG_15 stands twice or has an unknown limit"),
        ("WPG_99  police  police  moonlight", "basis line 3: WPG_99 stands twice or has an unknown limit"),
        ("WPG_99  moon  police  -", "moon"),
    ],
)
def test_a_wrong_row_is_named(row, said):
    with pytest.raises((GridError, ValueError), match=said):
        parse(f"basis  from  to  limits\n\nWPG_15  police  police  -\n{row}\n")
