"""Faults by which data would leave on a basis that does not carry it."""

from tests.sabotage.faults import Fault

BASES = "tests/pure/test_bases.py"
LEAVING = "tests/casework/test_leaving.py"

OF_LEAVING = (
    Fault("leaving", "any agency is a professional", "permissions/bases.py",
          "return LISTS[words] if words in LISTS else", "return frozenset(AgencyKind) if words in LISTS else", BASES),
    Fault("leaving", "a basis works that nobody confirmed", "permissions/bases.py",
          'for limit in ("confirmed", *basis.limits_for', "for limit in (*basis.limits_for", BASES),
    Fault("leaving", "consent to help is consent to sharing", "casework/consents.py",
          'FOR_SHARING = frozenset({"sharing", "help_and_sharing"})',
          'FOR_SHARING = frozenset({"sharing", "help_and_sharing", "help"})', LEAVING),
    Fault("leaving", "consent to share with one is consent to share with all", "casework/consents.py",
          "row.code in FOR_SHARING and row.receiver_id == receiver_id", "row.code in FOR_SHARING", LEAVING),
    Fault("leaving", "withdrawn consent is delivered on", "casework/services/handoffs.py",
          "    if grants.hold_back(deed.target):\n", "    if False:\n", LEAVING),
    Fault("leaving", "one person puts a decision in force", "casework/services/agreements.py",
          "if not may_approve(deed.act.actor.person_id, row.asked_by_id or 0, None):", "if False:", LEAVING),
)  # fmt: skip
