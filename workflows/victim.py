"""The victim workflow; owner: the agency that identified the victim or was asked to help.

Read a row aloud: from <from>, on <on>, the track goes to <to>; that needs <needs>. Source: docs/law.md section 1.
"""

from workflows.table import Workflow, parse

OWN = """
    needs notification_wish consent_by_right_person
"""
"""The facts that only these rows name; what the rows of several workflows need stands in workflows/facts.py."""

TABLE = """
    from             on                    to               needs
    identified       assess_needs          needs_assessed   needs notification_wish
    needs_assessed   offer_help            offered          offer_form
    needs_assessed   end_help              ended            reason four_eyes
    offered          record_decline        declined         -
    offered          record_consent        consented        consent_by_right_person
    declined         offer_help            offered          offer_form
    consented        hand_over_help        handoff_pending  handoff_sent
    consented        begin_help            started          start_date
    consented        end_help              ended            reason
    consented        withdraw_consent      ended            reason
    handoff_pending  confirm_help          started          handoff_started
    handoff_pending  resume_help           consented        handoff_failed
    handoff_pending  withdraw_consent      ended            reason
    started          record_review         started          review_outcome
    started          withdraw_consent      ended            reason
    started          end_help              ended            reason
"""

VICTIM = Workflow("victim", start="identified", final=frozenset({"declined", "ended"}), steps=parse(TABLE, OWN))
