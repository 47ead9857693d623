"""Which legal basis carries what to whom (docs/law.md section 5): dated data, to be confirmed by each privacy officer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from permissions.grid import GridError
from permissions.vocabulary import AgencyKind, Regime

TABLE = """
    basis                    from                                       to                                  limits
    WPG_15                   police                                     police                              controller
    WPG_16_1A                police                                     prosecution police                  -
    WPG_18_1                 police                                     veilig_thuis victim_support probation halt certified_institution child_protection_board   article
    WPG_19                   police                                     any                                 approval interest
    WPG_20                   police                                     any                                 agreement
    WMO_4_1_1_2D             veilig_thuis                               local_team youth_care_provider certified_institution child_protection_board sexual_violence_centre victim_support   -
    WMO_4_1_1_2E             veilig_thuis                               police child_protection_board       interest
    WMO_5_2_6                professional                               veilig_thuis                        abuse
    WMO_5_3_3_CONSENT        veilig_thuis local_team                    any                                 consent
    JW_7_3_11_CONSENT        youth_care_provider certified_institution  any                                 consent
    JW_7_3_11_4              professional                               certified_institution               supervised
    GDPR_CONSENT             forensic_care victim_support sexual_violence_centre halt probation   any       consent
    SR_40_CONFLICT_OF_DUTIES  any                                       police veilig_thuis                 danger approval
"""  # noqa: E501 - rows of the law stay whole

VALID_FROM = "2026-01-01"
"""Since when this table holds; every mark is U until each agency's privacy officer has confirmed it."""

PROCESSING_BASES: Mapping[AgencyKind | None, tuple[str, ...]] = MappingProxyType(
    {
        AgencyKind.POLICE: ("WPG_8", "WPG_9"),
        AgencyKind.VEILIG_THUIS: ("WMO_4_1_1",),
        AgencyKind.YOUTH_CARE_PROVIDER: ("JW_7_3",),
        AgencyKind.CERTIFIED_INSTITUTION: ("JW_7_3",),
    },
)
"""On which an agency keeps a record of its own; kinds not listed use GDPR_6_1E."""

PUBLIC_TASK = "GDPR_6_1E"


def own_basis(kind: AgencyKind | None) -> str:
    """Return the basis on which an agency of this kind keeps and reads its own records."""
    return processing_bases(kind)[0]


REGIMES: Mapping[AgencyKind, Regime] = MappingProxyType(
    {
        AgencyKind.POLICE: Regime.WPG,
        AgencyKind.VEILIG_THUIS: Regime.GDPR_WMO,
        AgencyKind.LOCAL_TEAM: Regime.GDPR_WMO,
        AgencyKind.YOUTH_CARE_PROVIDER: Regime.GDPR_JEUGDWET,
        AgencyKind.CERTIFIED_INSTITUTION: Regime.GDPR_JEUGDWET,
        AgencyKind.HELPLINE_ANONYMOUS: Regime.NONE_ANONYMOUS,
    },
)
"""Under which law a kind of agency keeps its records; kinds not listed fall under GDPR_GENERIC."""

PROFESSIONALS = frozenset(AgencyKind) - {
    AgencyKind.HELPLINE_ANONYMOUS,
    AgencyKind.NATIONAL_RAPPORTEUR,
    AgencyKind.INSPECTORATE,
    AgencyKind.PLATFORM_OPERATOR,
}
WITHOUT_PERSONAL_DATA = frozenset(AgencyKind) - PROFESSIONALS
"""Kinds to whom no package can go at all."""

ARTICLES_18 = frozenset({"8", "13_1"})
"""The Wpg articles under whose data a structural provision may go out (Besluit politiegegevens 4:2)."""

_CORE = ("identity", "household", "concern", "observed_facts", "child_check", "safety_advice")
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "referral": _CORE,
        "concern_report": _CORE,
        "transfer": (*_CORE, "assessment", "conditions"),
        "help": ("identity", "contact", "need"),
        "victim": ("identity", "contact", "need", "safe_contact"),
    },
)
"""Which field groups a package of this kind may hold."""

NEVER_GROUPS = ("police_intelligence", "source", "criteria")
"""Field groups that no package may hold."""


@dataclass(frozen=True, slots=True)
class Basis:
    """One row: from these kinds to these kinds, under these limits."""

    code: str
    senders: frozenset[AgencyKind]
    receivers: frozenset[AgencyKind]
    limits: frozenset[str]


LIMITS = frozenset(
    {"controller", "article", "approval", "interest", "agreement", "abuse", "consent", "supervised", "danger"},
)


def parse(table: str) -> dict[str, Basis]:
    """Read the rows; an unknown kind or limit is a GridError that names the line."""
    answer: dict[str, Basis] = {}
    for number, line in enumerate([row for row in table.splitlines() if row.strip()][1:], 2):
        code, senders, receivers, limits = re.split(r"\s{2,}", line.strip())
        words = frozenset(limits.split()) - {"-"}
        if code in answer or words - LIMITS:
            raise GridError(f"basis line {number}: {code} stands twice or has an unknown limit")
        answer[code] = Basis(code, _kinds(senders), _kinds(receivers), words)
    return answer


def _kinds(words: str) -> frozenset[AgencyKind]:
    if words == "any":
        return frozenset(AgencyKind) - WITHOUT_PERSONAL_DATA
    if words == "professional":
        return PROFESSIONALS
    return frozenset(AgencyKind(word) for word in words.split())


BASES = parse(TABLE)


def processing_bases(kind: AgencyKind | None) -> tuple[str, ...]:
    """Return the bases on which this kind of agency may keep a record."""
    return PROCESSING_BASES.get(kind, (PUBLIC_TASK,))


def regime_of(kind: AgencyKind) -> Regime:
    """Return the law under which this kind of agency keeps its records."""
    return REGIMES.get(kind, Regime.GDPR_GENERIC)


@dataclass(frozen=True, slots=True)
class Provision:
    """What is known of a handoff when its basis is judged."""

    basis: str
    sender: AgencyKind
    receiver: AgencyKind
    same_controller: bool
    wpg_article: str
    held: frozenset[str]
    """The limits that stored rows fulfil, of LIMITS without controller and article."""


def basis_holds(provision: Provision) -> bool:
    """Whether this basis carries a package from this sender to this receiver today."""
    basis = BASES.get(provision.basis)
    if basis is None or provision.sender not in basis.senders or provision.receiver not in basis.receivers:
        return False
    held = set(provision.held)
    if provision.same_controller:
        held.add("controller")
    if provision.wpg_article in ARTICLES_18:
        held.add("article")
    return basis.limits <= held
