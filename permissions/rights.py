"""What the app role may do with agreements and decisions of two people, and with confirmations of a privacy officer."""

from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.guard import ACTION, AGENCY, PERSON, ROLE, Rights, among
from permissions.vocabulary import Action

_INSTALLS = f"{ACTION} = 'migrate'"
_MANAGES = f"{ACTION} = 'manage_agreements' AND {among(ROLE, roles_with(Action.MANAGE_AGREEMENTS, Cell.AGENCY))}"
_CONFIRMS = f"{ACTION} = 'confirm_basis' AND {among(ROLE, roles_with(Action.CONFIRM_BASIS, Cell.AGENCY))}"


def _asked(agency: str) -> str:
    """Return the condition of a new row: asked by who acts, and not yet in force."""
    return f"{_INSTALLS} OR ({_MANAGES} AND {agency} = {AGENCY} AND asked_by_id = {PERSON} AND confirmed_at IS NULL)"


def _changed(agency: str) -> str:
    """Return the condition of a row that is confirmed or ended."""
    return f"{_INSTALLS} OR ({_MANAGES} AND {agency} = {AGENCY})"


SECOND = ("ends_on", "confirmed_by_id", "confirmed_at")
_ENDS = f"{_INSTALLS} OR {AGENCY} IN (sender_id, receiver_id)"
AGREEMENTS = Rights("permissions_sharingagreement", _ENDS, _asked("sender_id"), _changed("sender_id"), SECOND)
_OWN = f"{_INSTALLS} OR agency_id = {AGENCY}"
PARTNERSHIPS = Rights("permissions_partnershipdecision", _OWN, _asked("agency_id"), _changed("agency_id"), SECOND)
CONFIRMATIONS = Rights(
    "permissions_basisconfirmation",
    _OWN,
    f"{_INSTALLS} OR ({_CONFIRMS} AND agency_id = {AGENCY} AND made_by_id = {PERSON})",
)
