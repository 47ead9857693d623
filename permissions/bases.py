"""Which legal basis carries what to whom (docs/law.md section 5): dated data, to be confirmed by each privacy officer."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from permissions.grid import GridError
from permissions.vocabulary import AgencyKind, Regime

KIND_LISTS = """
    professional  veilig_thuis local_team youth_care_provider certified_institution child_protection_board probation forensic_care victim_support sexual_violence_centre halt care_safety_house
    any           police prosecution veilig_thuis local_team youth_care_provider certified_institution child_protection_board probation forensic_care victim_support sexual_violence_centre halt care_safety_house
"""  # noqa: E501 - lists stay whole
"""Kinds written out one by one: a kind that stands in no list and in no row sends and receives nothing."""

TABLE = """
    basis                     from                                       to                                  limits
    WPG_15                    police                                     police                              -
    WPG_16_1A                 police                                     prosecution                         -
    WPG_18_1                  police                                     veilig_thuis victim_support probation halt certified_institution child_protection_board local_team   article letter task local_team:youth_task halt:minor
    WPG_19                    police                                     any                                 authority purpose interest functionary secrecy
    WPG_20                    police                                     any                                 partnership functionary
    WMO_4_1_1_2D              veilig_thuis                               local_team youth_care_provider certified_institution sexual_violence_centre   -
    WMO_4_1_1_2E              veilig_thuis                               police child_protection_board prosecution probation victim_support   interest
    WMO_5_2_6                 professional                               veilig_thuis                        abuse
    WMO_5_3_3_CONSENT         veilig_thuis local_team                    any                                 consent
    JW_7_3_11_CONSENT         youth_care_provider certified_institution  any                                 consent
    JW_7_3_11_4               professional                               certified_institution               supervised asked
    GDPR_CONSENT              forensic_care victim_support sexual_violence_centre halt probation   any       consent
    SR_40_CONFLICT_OF_DUTIES  professional                               police veilig_thuis                 danger supervisor
    WJSG_39F                  prosecution                                veilig_thuis child_protection_board victim_support probation   interest purpose approval
    BJSG_17                   prosecution                                probation child_protection_board certified_institution   request
"""  # noqa: E501 - rows of the law stay whole

VALID_FROM = "2026-11-26"
"""The version of this table, by its date; every mark is U until each agency's privacy officer has confirmed the row."""

PUBLIC_TASK = "GDPR_6_1E"

PROCESSING_BASES: Mapping[AgencyKind, tuple[str, ...]] = MappingProxyType(
    {
        AgencyKind.POLICE: ("WPG_8", "WPG_9"),
        AgencyKind.PROSECUTION: (PUBLIC_TASK,),
        AgencyKind.VEILIG_THUIS: ("WMO_4_1_1",),
        AgencyKind.LOCAL_TEAM: (PUBLIC_TASK,),
        AgencyKind.YOUTH_CARE_PROVIDER: ("JW_7_3",),
        AgencyKind.CERTIFIED_INSTITUTION: ("JW_7_3",),
        AgencyKind.CHILD_PROTECTION_BOARD: (PUBLIC_TASK,),
        AgencyKind.PROBATION: (PUBLIC_TASK,),
        AgencyKind.FORENSIC_CARE: (PUBLIC_TASK,),
        AgencyKind.VICTIM_SUPPORT: (PUBLIC_TASK,),
        AgencyKind.SEXUAL_VIOLENCE_CENTRE: (PUBLIC_TASK,),
        AgencyKind.HALT: (PUBLIC_TASK,),
        AgencyKind.CARE_SAFETY_HOUSE: (PUBLIC_TASK,),
    },
)
"""The bases on which each kind of agency keeps records of people; a kind that is not listed keeps none."""


def own_basis(kind: AgencyKind | None) -> str:
    """Return the basis on which people of an agency of this kind act, as the trail says it.

    Signing in, oversight and figures rest on the public task where the agency keeps no records; no record is kept on it.
    """
    return (processing_bases(kind) or (PUBLIC_TASK,))[0]


REGIMES: Mapping[AgencyKind, Regime] = MappingProxyType(
    {
        AgencyKind.POLICE: Regime.WPG,
        AgencyKind.PROSECUTION: Regime.GDPR_GENERIC,
        AgencyKind.VEILIG_THUIS: Regime.GDPR_WMO,
        AgencyKind.LOCAL_TEAM: Regime.GDPR_WMO,
        AgencyKind.YOUTH_CARE_PROVIDER: Regime.GDPR_JEUGDWET,
        AgencyKind.CERTIFIED_INSTITUTION: Regime.GDPR_JEUGDWET,
        AgencyKind.CHILD_PROTECTION_BOARD: Regime.GDPR_GENERIC,
        AgencyKind.PROBATION: Regime.GDPR_GENERIC,
        AgencyKind.FORENSIC_CARE: Regime.GDPR_GENERIC,
        AgencyKind.HELPLINE_ANONYMOUS: Regime.NONE_ANONYMOUS,
        AgencyKind.VICTIM_SUPPORT: Regime.GDPR_GENERIC,
        AgencyKind.SEXUAL_VIOLENCE_CENTRE: Regime.GDPR_GENERIC,
        AgencyKind.HALT: Regime.GDPR_GENERIC,
        AgencyKind.CARE_SAFETY_HOUSE: Regime.GDPR_GENERIC,
    },
)
"""The law under which each kind of agency keeps its records; a kind that is not listed keeps no records."""

ARTICLES_18 = frozenset({"8", "13_1"})
"""The Wpg articles under whose data a structural provision may go out (Besluit politiegegevens 4:2)."""

LETTERS: Mapping[AgencyKind, str] = MappingProxyType(
    {
        AgencyKind.VICTIM_SUPPORT: "b",
        AgencyKind.HALT: "f",
        AgencyKind.PROBATION: "g",
        AgencyKind.CERTIFIED_INSTITUTION: "i",
        AgencyKind.CHILD_PROTECTION_BOARD: "j",
    },
)
"""The letter of Besluit politiegegevens 4:2(1) that a page offers first, where a source gives one (domain section 3)."""

PURPOSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "WPG_19": ("prevent_and_detect_crime", "keep_public_order", "give_help", "supervise_rules"),
        "WJSG_39F": (
            "a_prevent_and_detect",
            "b_keep_order",
            "c_supervise_rules",
            "d_administrative_decision",
            "e_legal_position",
            "f_victims_and_help",
            "g_private_law",
        ),
    },
)
"""The purposes of a basis, of which the package names one (Wpg 19 a to d; Wjsg 39f(1) a to g)."""

YOUTH_TASKS = ("JW_2_3_1_6", "JW_2_4_1")
"""The tasks for which a local team may receive police data (Jeugdwet 2.3(1)(6), 2.4(1))."""

SELF_FROM: Mapping[str, int] = MappingProxyType({"GDPR_CONSENT": 16, "WMO_5_3_3_CONSENT": 12, "JW_7_3_11_CONSENT": 12})
"""The age from which a person gives consent to sharing, by basis; the representative of a younger person does."""

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
    limits: tuple[str, ...]
    """Each a limit, or `kind:limit` where it binds one kind of receiver alone."""

    def limits_for(self, receiver: AgencyKind) -> tuple[str, ...]:
        """Return the limits under which a package goes to this kind of receiver, in the order of the row."""
        words = (limit.rpartition(":") for limit in self.limits)
        return tuple(word for kind, _, word in words if kind in {"", receiver})


LIMITS = (
    "article",
    "letter",
    "task",
    "youth_task",
    "minor",
    "authority",
    "purpose",
    "interest",
    "functionary",
    "secrecy",
    "partnership",
    "abuse",
    "consent",
    "supervised",
    "asked",
    "danger",
    "supervisor",
    "approval",
    "request",
)
"""What a row can ask; each is read from stored rows (casework/facts/limits.py)."""


def parse_lists(text: str) -> dict[str, frozenset[AgencyKind]]:
    """Read the written lists of kinds."""
    rows = (line.split() for line in text.splitlines() if line.strip())
    return {name: frozenset(AgencyKind(word) for word in words) for name, *words in rows}


LISTS = parse_lists(KIND_LISTS)


def parse(table: str) -> dict[str, Basis]:
    """Read the rows; an unknown kind or limit is a GridError that names the line."""
    answer: dict[str, Basis] = {}
    for number, line in enumerate([row for row in table.splitlines() if row.strip()][1:], 2):
        code, senders, receivers, limits = re.split(r"\s{2,}", line.strip())
        words = tuple(limits.split()) if limits != "-" else ()
        if code in answer or {word.rpartition(":")[2] for word in words} - set(LIMITS):
            raise GridError(f"basis line {number}: {code} stands twice or has an unknown limit")
        answer[code] = Basis(code, _kinds(senders), _kinds(receivers), words)
    return answer


def _kinds(words: str) -> frozenset[AgencyKind]:
    return LISTS[words] if words in LISTS else frozenset(AgencyKind(word) for word in words.split())


BASES = parse(TABLE)

WITHOUT_PERSONAL_DATA = frozenset(AgencyKind).difference(*(basis.receivers for basis in BASES.values()))
"""The kinds of agency to which no row lets a package go."""


def processing_bases(kind: AgencyKind | None) -> tuple[str, ...]:
    """Return the bases on which this kind of agency may keep a record; none for a kind that is not in the list."""
    return PROCESSING_BASES.get(kind, ()) if kind else ()


def regime_of(kind: AgencyKind | None) -> Regime | None:
    """Return the law under which this kind of agency keeps its records; none for a kind that keeps none."""
    return REGIMES.get(kind) if kind else None


def bases_between(sender: AgencyKind | None, receiver: AgencyKind) -> tuple[Basis, ...]:
    """Return the rows that name both this kind of sender and this kind of receiver."""
    return tuple(basis for basis in BASES.values() if sender in basis.senders and receiver in basis.receivers)


def may_ever_share(sender: AgencyKind | None, receiver: AgencyKind) -> bool:
    """Whether anything can go from this kind to that one: an agreement between others would carry nothing."""
    return bool(bases_between(sender, receiver))


@dataclass(frozen=True, slots=True)
class Provision:
    """What is known of a handoff when its basis is judged."""

    basis: str
    sender: AgencyKind
    receiver: AgencyKind
    held: Collection[str]
    """The limits that stored rows fulfil, and `confirmed` where the sender's privacy officer confirmed the row."""


def missing_limits(provision: Provision) -> tuple[str, ...]:
    """Return why this basis does not carry the package: no such basis, an end that it does not name, or its limits."""
    basis = BASES.get(provision.basis)
    if basis is None:
        return ("basis",)
    ends = {"sender": provision.sender in basis.senders, "receiver": provision.receiver in basis.receivers}
    if not all(ends.values()):
        return tuple(end for end, is_named in ends.items() if not is_named)
    return tuple(limit for limit in ("confirmed", *basis.limits_for(provision.receiver)) if limit not in provision.held)


def basis_holds(provision: Provision) -> bool:
    """Whether this basis carries a package from this sender to this receiver."""
    return not missing_limits(provision)
