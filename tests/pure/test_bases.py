"""Which basis carries what to whom: every sender, receiver and set of limits, against docs/law.md section 5."""

import re
from itertools import combinations, product

import pytest

from permissions.bases import (
    ARTICLES_18,
    BASES,
    GROUPS,
    LIMITS,
    NEVER_GROUPS,
    PROCESSING_BASES,
    REGIMES,
    TABLE,
    WITHOUT_PERSONAL_DATA,
    Provision,
    basis_holds,
    own_basis,
    parse,
    processing_bases,
    regime_of,
)
from permissions.grid import GridError
from permissions.vocabulary import AgencyKind, Regime
from tests.oracle.law import TEXT

BLOCK = next(b for b in re.findall(r"```\n(.*?)```", TEXT, re.DOTALL) if b.startswith("basis "))
ROWS = [re.split(r"\s{2,}", line.strip()) for line in BLOCK.strip().splitlines()[1:]]
NOBODY = {"helpline_anonymous", "national_rapporteur", "inspectorate", "platform_operator"}
SAID = {
    "-": set(),
    "same controller": {"controller"},
    "wpg_article 8 or 13_1": {"article"},
    "approval, substantial interest named": {"approval", "interest"},
    "decision in force, groups it names": {"agreement"},
    "interest or seriousness named": {"interest"},
    "abuse or its investigation": {"abuse"},
    "consent": {"consent"},
    "supervised child": {"supervised"},
    "acute danger named, supervisor's approval": {"danger", "approval"},
}
"""The words of the page, and the limits that they are."""


def kinds(words: str) -> set[str]:
    if words in {"any", "any professional", "members of the partnership decision"}:
        return {str(kind) for kind in AgencyKind} - NOBODY
    return set(words.split())


LAW = {row[0]: (kinds(row[1]), kinds(row[2]), SAID[row[3]]) for row in ROWS}
LAW["JW_7_3_11_CONSENT"] = ({"youth_care_provider", "certified_institution"}, kinds("any"), {"consent"})


def provision(basis: str, sender: AgencyKind, receiver: AgencyKind, limits: set[str]) -> Provision:
    return Provision(
        basis=basis,
        sender=sender,
        receiver=receiver,
        same_controller="controller" in limits,
        wpg_article="13_1" if "article" in limits else "9",
        held=frozenset(limits - {"controller", "article"}),
    )


def test_the_rows_are_the_rows_of_the_law():
    assert set(BASES) == set(LAW)
    assert len(LAW) == 13
    assert set.union(*(limits for _, _, limits in LAW.values())) == LIMITS
    for code, basis in parse(TABLE).items():
        assert basis.code == code
        assert [{str(word) for word in words} for words in (basis.senders, basis.receivers, basis.limits)] == [*LAW[code]]


@pytest.mark.parametrize("code", sorted(LAW))
def test_a_basis_carries_from_and_to_whom_the_law_says_under_its_limits_alone(code):
    senders, receivers, limits = LAW[code]
    for sender, receiver in product(AgencyKind, AgencyKind):
        goes = str(sender) in senders and str(receiver) in receivers
        assert basis_holds(provision(code, sender, receiver, set(LIMITS))) is goes, (sender, receiver)
        assert basis_holds(provision(code, sender, receiver, limits)) is goes, (sender, receiver)
        for some in combinations(sorted(limits), len(limits) - 1) if limits else ():
            assert not basis_holds(provision(code, sender, receiver, set(LIMITS) - (limits - set(some))))


def test_an_unknown_basis_carries_nothing():
    assert not basis_holds(provision("NO_SUCH", AgencyKind.POLICE, AgencyKind.POLICE, set(LIMITS)))


def test_police_data_of_an_article_goes_or_stays():
    assert frozenset({"8", "13_1"}) == ARTICLES_18
    for article, goes in (("8", True), ("13_1", True), ("9", False), ("", False)):
        said = Provision("WPG_18_1", AgencyKind.POLICE, AgencyKind.HALT, False, article, frozenset())  # noqa: FBT003
        assert basis_holds(said) is goes


def test_every_kind_keeps_its_records_under_its_own_law():
    assert {str(kind) for kind in WITHOUT_PERSONAL_DATA} == NOBODY
    assert own_basis(None) == "GDPR_6_1E"
    for kind in AgencyKind:
        assert processing_bases(kind) == PROCESSING_BASES.get(kind, ("GDPR_6_1E",))
        assert own_basis(kind) == processing_bases(kind)[0]
        assert regime_of(kind) is REGIMES.get(kind, Regime.GDPR_GENERIC)
    assert processing_bases(AgencyKind.POLICE) == ("WPG_8", "WPG_9")
    assert regime_of(AgencyKind.HALT) is Regime.GDPR_GENERIC
    assert regime_of(AgencyKind.POLICE) is Regime.WPG


def test_no_package_holds_what_never_goes():
    assert not {group for groups in GROUPS.values() for group in groups} & set(NEVER_GROUPS)


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
        parse(f"basis  from  to  limits\n\nWPG_15  police  police  controller\n{row}\n")
