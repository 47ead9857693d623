"""The addresses of the pages; every one declares its action, or stands in tests/policy/public_pages.txt."""

from collections.abc import Iterable

from allauth.account.views import logout, reauthenticate
from django.urls import URLPattern, URLResolver, include, path

from casework.entries.entry import Page
from casework.entries.table import ENTRIES, drawn_on
from permissions.vocabulary import Action
from web.views import (
    advice,
    agreements,
    cases,
    emergencies,
    errors,
    invitations,
    members,
    oversight,
    people,
    referrals,
    reviews,
    searching,
    team,
    visits,
)
from web.views.case_acts import case_page
from web.views.handoff_acts import handoff_page
from web.views.track_acts import TrackView
from workflows.table import LawError

CASE_PAGES = drawn_on(Page.CASE)
ON_TRACKS = drawn_on(Page.TRACK)
ON_HANDOFFS = drawn_on(Page.HANDOFF)
ON_THE_WORKBENCH = drawn_on(Page.WORKBENCH)

END = emergencies.EmergencyView.as_view(action=Action.END_EMERGENCY, back="home")
REVIEW = emergencies.EmergencyView.as_view(action=Action.REVIEW_EMERGENCY, back="oversight")
CLOSE = emergencies.FindingView.as_view(action=Action.CLOSE_FINDING, back="oversight")
CLOSE_DIFFERENCE = emergencies.FindingView.as_view(action=Action.CLOSE_FINDING, back="workbench")
REVEAL_SOURCE = searching.RevealView.as_view(action=Action.REVEAL_SOURCE)
REVEAL_BSN = searching.RevealView.as_view(action=Action.REVEAL_BSN)
NEW_SHARING = agreements.AgreementsView.as_view(wants="sharing")
NEW_PARTNERSHIP = agreements.AgreementsView.as_view(wants="partnership")
JOINER = members.MembersView.as_view(wants="joiner")
MEMBER_ROLES = members.MemberView.as_view(wants="member_roles", heading="member_roles")
LEAVING = members.MemberView.as_view(wants="leaving", heading="leaving")
CONFIRM_CHANGE = members.ChangeView.as_view()
REFUSE_CHANGE = members.ChangeView.as_view(wants="refusal", heading="refusal")
NEW_LINK = members.MemberView.as_view(heading="new_link")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", people.home, name="home"),
    path("work", cases.worklist_page, name="worklist"),
    path("follow-ups", cases.follow_ups_page, name="follow_ups"),
    path("desk", cases.desk, name="desk"),
    path("team", team.team_page, name="team_page"),
    path("team/unheld", team.UnheldView.as_view(), name="team_unheld"),
    path("team/<uuid:membership_id>", team.MemberView.as_view(), name="team_member"),
    path("team/<uuid:membership_id>/absence", team.AbsenceView.as_view(), name="team_absence"),
    path("visit-plan", visits.VisitPlanView.as_view(), name="visit_plan"),
    path("access-review", oversight.AccessReviewView.as_view(), name="access_review"),
    path("workbench", reviews.workbench, name="workbench"),
    path("workbench/samples/<uuid:review_id>", reviews.sample, name="sample"),
    path("differences/<uuid:finding_id>/close_finding", CLOSE_DIFFERENCE, name="close_difference"),
    path("verify-trail", reviews.verify_trail, name="verify_trail"),
    path("person-report", reviews.PersonReportView.as_view(), name="person_report"),
    path("workbench/exports/<uuid:export_id>", reviews.export, name="export"),
    path("workbench/exports/<uuid:export_id>/file", reviews.download, name="download"),
    *(path(f"workbench/{action}", reviews.review_page(action), name=action) for action in ON_THE_WORKBENCH),
    path("explain-access", oversight.explain_access, name="explain_access"),
    path("referrals/new", referrals.NewReferralView.as_view(), name="new_referral"),
    path("cases/<uuid:case_id>", cases.case, name="case"),
    path("cases/<uuid:case_id>/see_case_log", oversight.see_case_log, name="case_see_case_log"),
    path("cases/<uuid:case_id>/terms", cases.terms, name="case_terms"),
    path("cases/<uuid:case_id>/print_case", cases.print_case, name="case_print_case"),
    path("search", searching.SearchView.as_view(), name="search"),
    path("known-checks", searching.questions, name="questions"),
    path("known-checks/new", searching.CheckKnownView.as_view(), name="check_known"),
    path("known-checks/<uuid:check_id>/answer_known_check", searching.AnswerKnownView.as_view(), name="answer_known_check"),
    path("cases/<uuid:case_id>/reveal_source", REVEAL_SOURCE, name="case_reveal_source"),
    path("cases/<uuid:case_id>/reveal_bsn", REVEAL_BSN, name="case_reveal_bsn"),
    path("emergency", emergencies.AskEmergencyView.as_view(), name="ask_emergency"),
    path("oversight", emergencies.oversight, name="oversight"),
    path("emergencies/<uuid:emergency_id>/end_emergency", END, name="end_emergency"),
    path("emergencies/<uuid:emergency_id>/review_emergency", REVIEW, name="review_emergency"),
    path("findings/new", emergencies.RaiseFindingView.as_view(), name="raise_finding"),
    path("findings/<uuid:finding_id>/close_finding", CLOSE, name="close_finding"),
    path("agreements", agreements.agreements_page, name="agreements"),
    path("agreements/new-sharing", NEW_SHARING, name="new_sharing"),
    path("agreements/new-partnership", NEW_PARTNERSHIP, name="new_partnership"),
    path("agreements/<uuid:agreement_id>/manage_agreements", agreements.AgreementView.as_view(), name="manage_agreements"),
    path("people", members.members_page, name="our_people"),
    path("people/new", JOINER, name="new_member"),
    path("people/<uuid:membership_id>/roles", MEMBER_ROLES, name="member_roles"),
    path("people/<uuid:membership_id>/end", LEAVING, name="end_member"),
    path("people/<uuid:membership_id>/link", NEW_LINK, name="new_link"),
    path("people/<uuid:change_id>/manage_people", CONFIRM_CHANGE, name="confirm_change"),
    path("people/<uuid:change_id>/refuse", REFUSE_CHANGE, name="refuse_change"),
    path("invitation/<slug:token>", invitations.InvitationView.as_view(), name="invitation"),
    path("bases", agreements.bases_page, name="bases"),
    path("bases/confirm_basis", agreements.BasisView.as_view(), name="confirm_basis"),
    path("advice/new", advice.AdviceView.as_view(), name="new_advice"),
    path("handoffs/<uuid:handoff_id>", cases.handoff, name="handoff"),
    *(path(f"cases/<uuid:case_id>/{action}", case_page(action), name=f"case_{action}") for action in CASE_PAGES),
    *(
        path(f"tracks/<uuid:track_id>/{action}", TrackView.as_view(action=action), name=f"track_{action}")
        for action in ON_TRACKS
    ),
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


def check_pages(actions_with_a_page: Iterable[Action]) -> None:
    """Raise LawError where an entry names a page that has no address, or a page has no entry that names it."""
    drawn = set(actions_with_a_page)
    said = {action for action, entry in ENTRIES.items() if entry.pages}
    if lost := said - drawn:
        raise LawError(f"their entries name a page, and no address leads to one: {', '.join(sorted(lost))}")
    if more := drawn - said:
        raise LawError(f"a page draws them, and their entries name none: {', '.join(sorted(more))}")


check_pages(action for one in urlpatterns for action in getattr(getattr(one, "callback", None), "actions", ()))
