"""The addresses of the pages; every one declares its action, or stands in tests/policy/public_pages.txt."""

from allauth.account.views import logout, reauthenticate
from django.urls import URLPattern, URLResolver, include, path

from casework.actions.perform import TRACK_ACTIONS
from permissions.vocabulary import Action
from web.views import (
    advice,
    agreements,
    cases,
    emergencies,
    errors,
    oversight,
    people,
    referrals,
    reviews,
    searching,
    visits,
)
from web.views.acts import HANDOFF_STEPS, case_page, handoff_page, track_page

CASE_PAGES = (
    Action.ADD_NOTE,
    Action.WRITE_RECORD,
    Action.PREPARE_HANDOFF,
    Action.ASSIGN,
    Action.IDENTIFY_VICTIM,
    Action.OPEN_HELP,
    Action.WALL_PERSON,
    Action.DECLARE_CONFLICT,
    Action.LIFT_WALL,
    Action.CORRECT_NOTE,
    Action.EXTEND_DEADLINE,
    Action.PAUSE_DEADLINE,
    Action.ACKNOWLEDGE_ESCALATION,
)
ON_TRACKS = (*sorted(TRACK_ACTIONS), Action.ASK_APPROVAL, Action.APPROVE)
ON_HANDOFFS = (
    *sorted(HANDOFF_STEPS),
    Action.PREPARE_HANDOFF,
    Action.ASK_APPROVAL,
    Action.APPROVE,
    Action.DECLARE_CONFLICT,
)

AUDITOR_ACTIONS = (Action.ANNOTATE_TRAIL, Action.SIGN_OFF_REVIEW, Action.DRAW_SAMPLE, Action.EXPORT_TRAIL)

END = emergencies.emergency_page(Action.END_EMERGENCY, "/")
REVIEW = emergencies.emergency_page(Action.REVIEW_EMERGENCY, "/oversight")
CLOSE = emergencies.finding_page(Action.CLOSE_FINDING, "/oversight")
CLOSE_DIFFERENCE = emergencies.finding_page(Action.CLOSE_FINDING, "/workbench")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", people.home, name="home"),
    path("work", cases.worklist_page, name="worklist"),
    path("follow-ups", cases.follow_ups_page, name="follow_ups"),
    path("desk", cases.desk, name="desk"),
    path("visit-plan", visits.visit_plan, name="visit_plan"),
    path("access-review", oversight.access_review, name="access_review"),
    path("workbench", reviews.workbench, name="workbench"),
    path("workbench/samples/<uuid:review_id>", reviews.sample, name="sample"),
    path("differences/<uuid:finding_id>/close_finding", CLOSE_DIFFERENCE, name="close_difference"),
    path("verify-trail", reviews.verify_trail, name="verify_trail"),
    path("person-report", reviews.person_report, name="person_report"),
    path("workbench/exports/<uuid:export_id>", reviews.export, name="export"),
    path("workbench/exports/<uuid:export_id>/file", reviews.download, name="download"),
    *(path(f"workbench/{action}", reviews.review_page(action), name=action) for action in AUDITOR_ACTIONS),
    path("explain-access", oversight.explain_access, name="explain_access"),
    path("referrals/new", referrals.new_referral, name="new_referral"),
    path("cases/<uuid:case_id>", cases.case, name="case"),
    path("cases/<uuid:case_id>/see_case_log", oversight.see_case_log, name="see_case_log"),
    path("cases/<uuid:case_id>/print_case", cases.print_case, name="print_case"),
    path("search", searching.search, name="search"),
    path("known-checks", searching.questions, name="questions"),
    path("known-checks/new", searching.check_known, name="check_known"),
    path("known-checks/<uuid:check_id>/answer_known_check", searching.answer_known_check, name="answer_known_check"),
    path("cases/<uuid:case_id>/reveal_source", searching.reveal_page(Action.REVEAL_SOURCE), name="reveal_source"),
    path("cases/<uuid:case_id>/reveal_bsn", searching.reveal_page(Action.REVEAL_BSN), name="reveal_bsn"),
    path("emergency", emergencies.ask_emergency, name="ask_emergency"),
    path("oversight", emergencies.oversight, name="oversight"),
    path("emergencies/<uuid:emergency_id>/end_emergency", END, name="end_emergency"),
    path("emergencies/<uuid:emergency_id>/review_emergency", REVIEW, name="review_emergency"),
    path("findings/new", emergencies.raise_finding, name="raise_finding"),
    path("findings/<uuid:finding_id>/close_finding", CLOSE, name="close_finding"),
    path("agreements", agreements.agreements_page, name="agreements"),
    path("agreements/new-sharing", agreements.new_page("sharing"), name="new_sharing"),
    path("agreements/new-partnership", agreements.new_page("partnership"), name="new_partnership"),
    path("agreements/<uuid:agreement_id>/manage_agreements", agreements.second, name="manage_agreements"),
    path("bases", agreements.bases_page, name="bases"),
    path("bases/confirm_basis", agreements.confirm_basis, name="confirm_basis"),
    path("advice/new", advice.new_advice, name="new_advice"),
    path("handoffs/<uuid:handoff_id>", cases.handoff, name="handoff"),
    *(path(f"cases/<uuid:case_id>/{action}", case_page(action), name=f"case_{action}") for action in CASE_PAGES),
    *(path(f"tracks/<uuid:track_id>/{action}", track_page(action), name=f"track_{action}") for action in ON_TRACKS),
    *(path(f"handoffs/<uuid:handoff_id>/{a}", handoff_page(a), name=f"handoff_{a}") for a in ON_HANDOFFS),
    path("memberships", people.memberships, name="memberships"),
    path("language", people.language, name="language"),
    path("health", people.health, name="health"),
    path("account/sign-in", people.sign_in, name="account_login"),
    path("account/sign-out", logout, name="account_logout"),
    path("account/again", reauthenticate, name="account_reauthenticate"),
    path("account/sign-up", errors.not_found, name="account_signup"),
    path("account/password", errors.not_found, name="account_reset_password"),
    path("account/second-factor/authenticate/", people.second_factor, name="mfa_second"),
    path("account/second-factor/", include("allauth.mfa.urls")),
]
