"""The warning workflow; owner: the police agency that opened or accepted it.

Read a row aloud: from <from>, on <on>, the track goes to <to>; that needs <needs>. Source: docs/law.md section 1.
"""

from workflows.table import Workflow, parse

OWN = """
    target criteria no_exclusion prior_warning_checked prosecutor_approval known_children_checked visit_date
    visit_team visit_safety_plan search_decided visit_scheduled visit_report subject_changed child_check
    search_settled subject_minor guardian_plan subject_identified subject_adult help_offer seizure_settled
    youth_prosecutor_decision welfare_call trigger reviews_done handoffs_settled child_check_settled
    investigation_reference retention_allows
"""
"""The facts that only these rows name; what the rows of several workflows need stands in workflows/facts.py."""

TABLE = """
    from             on                    to               needs
    draft            submit                submitted        legal_basis target
    draft            discard               closed           reason
    submitted        take_up               triage           -
    triage           decline               not_accepted     reason sender_informed
    triage           plan_visit            visit_planned    criteria no_exclusion prior_warning_checked prosecutor_approval known_children_checked
    triage           escalate              escalated        reason
    visit_planned    schedule_visit        visit_planned    visit_date visit_team visit_safety_plan search_decided
    visit_planned    record_attempt        visit_attempted  visit_scheduled
    visit_planned    record_visit          visit_done       visit_scheduled visit_report
    visit_planned    retarget              triage           subject_changed reason
    visit_planned    escalate              escalated        reason
    visit_planned    close_unwarned        closed           reason four_eyes
    visit_attempted  schedule_visit        visit_planned    visit_date visit_team visit_safety_plan search_decided
    visit_attempted  escalate              escalated        reason
    visit_attempted  close_unwarned        closed           reason four_eyes
    visit_done       retarget              triage           subject_changed reason child_check search_settled
    visit_done       ask_youth_prosecutor  youth_decision   subject_minor guardian_plan
    visit_done       warn                  warned           subject_identified subject_adult child_check help_offer search_settled
    visit_done       escalate              escalated        reason
    visit_done       close_unwarned        closed           reason child_check search_settled seizure_settled four_eyes
    youth_decision   warn                  warned           youth_prosecutor_decision subject_identified guardian_plan child_check help_offer search_settled
    youth_decision   escalate              escalated        reason
    youth_decision   close_unwarned        closed           reason youth_prosecutor_decision child_check search_settled seizure_settled four_eyes
    warned           start_follow_up       follow_up        welfare_call
    warned           escalate              escalated        trigger reason
    follow_up        record_review         follow_up        review_outcome
    follow_up        escalate              escalated        trigger reason
    follow_up        close_warning         closed           reviews_done handoffs_settled seizure_settled child_check_settled four_eyes
    escalated        resume_warning        triage           reason prosecutor_approval
    escalated        close_escalated       closed           investigation_reference handoffs_settled four_eyes
    closed           reopen                triage           new_signal retention_allows reason
    not_accepted     reopen                triage           new_signal retention_allows reason
"""

WARNING = Workflow("warning", start="draft", final=frozenset({"closed", "not_accepted"}), steps=parse(TABLE, OWN))
