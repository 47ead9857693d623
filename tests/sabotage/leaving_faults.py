"""Faults by which data would leave on a basis that does not carry it."""

from tests.sabotage.faults import Fault

BASES = "tests/permissions/test_bases.py"
LEAVING = "tests/casework/facts/test_leaving.py"
ORDERS_AND_AGREEMENTS = "tests/casework/facts/test_orders_and_agreements.py"

OF_LEAVING = (
    Fault("leaving", "any agency is a professional", "permissions/bases.py",
          "return LISTS[words] if words in LISTS else", "return frozenset(AgencyKind) if words in LISTS else", BASES),
    Fault("leaving", "a basis works that nobody confirmed", "permissions/bases.py",
          'for limit in ("confirmed", *basis.limits_for(provision.receiver))', "for limit in basis.limits_for(provision.receiver)", BASES),
    Fault("leaving", "consent to help is consent to sharing", "casework/facts/consents.py",
          'FOR_SHARING = frozenset({"sharing", "help_and_sharing"})',
          'FOR_SHARING = frozenset({"sharing", "help_and_sharing", "help"})', LEAVING),
    Fault("leaving", "consent to share with one is consent to share with all", "casework/facts/consents.py",
          "row.code in FOR_SHARING and row.receiver_id == receiver_id", "row.code in FOR_SHARING", LEAVING),
    Fault("leaving", "withdrawn consent is delivered on", "casework/actions/handoffs.py",
          "    if ended := hold_back(request):\n", "    if ended := None:\n", LEAVING),
    Fault("leaving", "delivery asks the consent alone again", "casework/actions/delivering.py",
          "lost = found.lost(ASKED)", 'lost = tuple(w for w in found.lost(ASKED) if w == "consent")', LEAVING),
    Fault("leaving", "any agreement lets every group go", "casework/facts/handoff.py",
          "return agreed is None or (bool(agreed) and self._groups <= agreed)", "return agreed is None or bool(agreed)", ORDERS_AND_AGREEMENTS),
    Fault("leaving", "the order of one child carries another", "casework/facts/limits.py",
          "return bool(self.supervised) and all(\n", "return bool(self.supervised) and any(\n", ORDERS_AND_AGREEMENTS),
    Fault("leaving", "an agreement of one person is in force", "casework/packages/agreed.py",
          "        confirmed_at__isnull=False,\n", "", ORDERS_AND_AGREEMENTS),
    Fault("leaving", "an older consent comes back", "casework/facts/consents.py",
          "goes_on_as(person.key, self.merges)][-1:]", "goes_on_as(person.key, self.merges) and self.standing(row)][-1:]", LEAVING),
    Fault("leaving", "one person puts a decision in force", "casework/actions/agreements.py",
          "if not may_approve(request.act.actor.person_id, row.asked_by_id or 0, None):", "if False:", ORDERS_AND_AGREEMENTS),
    Fault("leaving", "who stored an order confirms it too", "casework/facts/limits.py",
          "return acting().action is not Action.CHECK_HANDOFF or order.made_by_id != acting().actor.person_id", "return True", ORDERS_AND_AGREEMENTS),
    Fault("leaving", "consent to one kind of help opens another", "casework/facts/consents.py",
          'rows = [row for row in rows if not kind or self.kind_of(row) in {"", kind}]\n        return any', "return any", "tests/casework/facts/test_kinds_of_help.py"),
)  # fmt: skip
