"""The safety workflow; owner: the Veilig Thuis organisation that received it, from receipt.

Read a row aloud: from <from>, on <on>, the track goes to <to>; that needs <needs>. Source: docs/law.md section 1.
"""

from workflows.table import Workflow, parse

OWN = """
    acute acute_checked outside_domain subject_data_removed acute_action_recorded assessment outcome_code
    safety_conditions subjects_informed_or_planned reporter_informed investigation_plan monitoring_schedule
    monitoring_outcome stable_safety
"""
"""The facts that only these rows name; what the rows of several workflows need stands in workflows/facts.py."""

TABLE = """
    from             on                    to               needs
    received         act_acutely           acute_action     acute
    received         start_assessment      assessing        acute_checked
    received         decline_report        not_accepted     reason outside_domain acute_checked sender_informed
    received         drop_report           closed           reason handoff_failed
    received         turn_into_advice      advice_given     reason subject_data_removed four_eyes
    acute_action     start_assessment      assessing        acute_action_recorded
    assessing        act_acutely           acute_action     acute
    assessing        assess                assessed         assessment outcome_code four_eyes
    assessed         set_conditions        conditions       safety_conditions subjects_informed_or_planned reporter_informed
    assessed         start_investigation   investigating    investigation_plan subjects_informed_or_planned reporter_informed
    assessed         hand_over_safety      transfer_pending handoff_sent subjects_informed_or_planned reporter_informed
    assessed         close_safety          closed           reason subjects_informed_or_planned reporter_informed four_eyes
    conditions       start_investigation   investigating    investigation_plan reason
    conditions       hand_over_safety      transfer_pending handoff_sent safety_conditions
    conditions       start_monitoring      monitoring       monitoring_schedule
    conditions       reassess              assessing        new_signal
    investigating    conclude              concluded        outcome_code four_eyes
    concluded        set_conditions        conditions       safety_conditions
    concluded        hand_over_safety      transfer_pending handoff_sent
    concluded        close_safety          closed           reason reporter_informed four_eyes
    transfer_pending confirm_transfer      transferred      handoff_started
    transfer_pending resume_safety         conditions       handoff_failed safety_conditions
    transferred      start_monitoring      monitoring       monitoring_schedule
    transferred      close_safety          closed           reason four_eyes
    monitoring       record_monitoring     monitoring       monitoring_outcome
    monitoring       reassess              assessing        new_signal
    monitoring       close_safety          closed           stable_safety four_eyes
    closed           reopen                received         new_signal reason
    not_accepted     reopen                received         new_signal reason
"""

SAFETY = Workflow(
    "safety", start="received", final=frozenset({"advice_given", "closed", "not_accepted"}), steps=parse(TABLE, OWN)
)
