"""The help workflow; owner: the agency that offers.

Read a row aloud: from <from>, on <on>, the track goes to <to>; that needs <needs>. Source: docs/law.md section 1.
"""

from workflows.table import Workflow, parse

OWN = """
    information_form consent
"""
"""The facts that only these rows name; what the rows of several workflows need stands in workflows/facts.py."""

TABLE = """
    from             on                    to               needs
    not_offered      offer_help            offered          offer_form
    not_offered      end_help              ended            reason
    offered          give_information      information_given information_form
    offered          record_decline        declined         -
    offered          record_consent        consented        consent
    information_given offer_help           offered          offer_form
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

HELP = Workflow(
    "help", start="not_offered", final=frozenset({"declined", "ended", "information_given"}), steps=parse(TABLE, OWN)
)
