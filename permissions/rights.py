"""What the app role may do with agreements, decisions and changes of people that take two, and with confirmations."""

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

PEOPLE_MANAGERS = roles_with(Action.MANAGE_PEOPLE, Cell.AGENCY)
MANAGES_PEOPLE = f"{ACTION} = 'manage_people' AND {among(ROLE, PEOPLE_MANAGERS)}"
"""The condition that an administrator arranges the people of their organisation; triggers hold the rest (sql/people.sql)."""
_OWN_CHANGES = f"{MANAGES_PEOPLE} AND agency_id = {AGENCY}"
CHANGES = Rights(
    "permissions_memberchange",
    _OWN_CHANGES,
    f"{_OWN_CHANGES} AND confirmed_at IS NULL AND withdrawn_at IS NULL AND asked_by_id = {PERSON}",
    _OWN_CHANGES,
    ("confirmed_by_id", "confirmed_at", "done_at", "withdrawn_by_id", "withdrawn_at", "text"),
)
INVITED_HOURS = 72
"""For how many hours a link of an invitation holds."""
INVITATIONS = Rights(
    "permissions_invitation",
    _OWN_CHANGES,
    f"{_OWN_CHANGES} AND made_by_id = {PERSON} AND used_at IS NULL",
    _OWN_CHANGES,
    ("withdrawn_at",),
    ("id", "agency_id", "membership_id", "made_by_id", "made_at", "expires_at", "used_at", "withdrawn_at"),
)
"""The hash of a link is written and never read."""
