"""The handoff workflow; owner: two ends, sender and receiver.

Read a row aloud: from <from>, on <on>, the track goes to <to>; that needs <needs>. Source: docs/law.md section 1.
"""

from workflows.table import Workflow, parse

OWN = """
    necessity fields_allowed source_protected other_person recipient_active agreement_valid term_passed
    question
"""
"""The facts that only these rows name; what the rows of several workflows need stands in workflows/facts.py."""

TABLE = """
    from             on                    to               needs                                                            by
    prepared         check_handoff         checked          legal_basis necessity fields_allowed source_protected other_person  sender
    prepared         withdraw_handoff      withdrawn        -                                                                sender
    checked          rework_handoff        prepared         reason                                                           sender
    checked          send_handoff          sent             legal_basis recipient_active agreement_valid                     sender
    sent             deliver_handoff       delivered        -                                                                courier
    sent             withdraw_handoff      withdrawn        reason                                                           sender
    delivered        acknowledge_handoff   acknowledged     -                                                                receiver
    delivered        withdraw_handoff      withdrawn        reason                                                           sender
    delivered        expire_handoff        expired          term_passed                                                      scheduler
    acknowledged     accept_handoff        accepted         -                                                                receiver
    acknowledged     refuse_handoff        refused          reason                                                           receiver
    acknowledged     return_handoff        returned         question                                                         receiver
    acknowledged     withdraw_handoff      withdrawn        reason                                                           sender
    acknowledged     expire_handoff        expired          term_passed                                                      scheduler
    returned         rework_handoff        prepared         reason                                                           sender
    returned         withdraw_handoff      withdrawn        reason                                                           sender
    accepted         start_work            started          start_date                                                       receiver
    accepted         withdraw_handoff      withdrawn        reason                                                           sender
    accepted         return_handoff        returned         question                                                         receiver
    expired          rework_handoff        prepared         reason                                                           sender
"""

HANDOFF = Workflow(
    "handoff", start="prepared", final=frozenset({"expired", "refused", "started", "withdrawn"}), steps=parse(TABLE, OWN)
)
