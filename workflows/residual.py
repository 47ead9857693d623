"""What each end of a handoff can still see once it is over: named, dated, and the same for whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from permissions.decision import ENDED_STATES, TAKEN_STATES
from permissions.vocabulary import Action, AgencyKind
from workflows.retention import RETENTION
from workflows.tracks import beginnings_on


class Residual(StrEnum):
    """How much an end keeps of a handoff."""

    OWN_CONTRIBUTION = "own_contribution"
    """Its own record, and the package that it sent or took over."""
    BEGUN = "begun"
    """The report that began its own record when it was delivered, until that record ends by its own steps."""
    SUMMARY = "summary"
    """That it was, from whom and when."""
    NONE = "none"


FILES: Mapping[AgencyKind, str] = MappingProxyType(
    {
        AgencyKind.POLICE: "WPG8_REMOVE",
        AgencyKind.PROSECUTION: "OM_FILE",
        AgencyKind.VEILIG_THUIS: "VT_FILE",
        AgencyKind.LOCAL_TEAM: "WMO_COLLEGE_FILE",
        AgencyKind.YOUTH_CARE_PROVIDER: "YOUTH_FILE",
        AgencyKind.CERTIFIED_INSTITUTION: "GI_FILE",
    },
)
"""Which rule says how long a kind of agency keeps its own record; another sets that itself."""


@dataclass(frozen=True, slots=True)
class Remains:
    """What one end keeps, until which day at the latest (None: as its own rules say), and on which rule."""

    end: str
    what: Residual
    until: date | None
    rule: str
    is_earliest: bool = False
    """Whether the day is the first on which it may go, and not the last."""

    @property
    def word(self) -> str:
        """Return the code under which it has its words on screen."""
        return f"residual:{self.what}"


def remains(
    kind: str, state: str, *, was_delivered: bool, moved_on: date, kinds: Mapping[str, AgencyKind]
) -> tuple[Remains, ...]:
    """Return what sender and receiver keep of a handoff that is taken over or ended; nothing while it runs.

    `moved_on`: the day of its last step, from which the terms are counted. `kinds`: the kind of agency at each end.
    """
    if state not in TAKEN_STATES | ENDED_STATES:
        return ()
    sender = _own("sender", kinds["sender"], moved_on)
    if state in TAKEN_STATES:
        return sender, _own("receiver", kinds["receiver"], moved_on)
    if not was_delivered:
        return sender, Remains("receiver", Residual.NONE, moved_on, "")
    if any(kinds["receiver"] in begun.agencies for begun in beginnings_on(Action.DELIVER_HANDOFF, kind)):
        return sender, replace(_own("receiver", kinds["receiver"], moved_on), what=Residual.BEGUN)
    ledger = RETENTION["DISCLOSURE_LEDGER"]
    return sender, Remains("receiver", Residual.SUMMARY, ledger.until(moved_on), ledger.source, ledger.is_earliest)


def _own(end: str, kind: AgencyKind, moved_on: date) -> Remains:
    code = FILES.get(kind)
    if code is None:
        return Remains(end, Residual.OWN_CONTRIBUTION, None, "")
    rule = RETENTION[code]
    return Remains(end, Residual.OWN_CONTRIBUTION, rule.until(moved_on), rule.source, rule.is_earliest)
