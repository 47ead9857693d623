"""Emergency access on its own page, its review, and findings."""

from uuid import UUID

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casework.input.parts import parts_for
from casework.oversight.findings import emergencies, emergency_for, finding_for, findings
from permissions.acting import act
from permissions.decision import roles_for
from permissions.vocabulary import Action
from web.asking import asked
from web.forms import ActForm
from web.pages import View, form_page, page
from web.requests import StaffRequest, acting_person
from web.views.acts import answer_act, attempt, can_read, draw_act
from web.views.choices import choices_of

AGAIN = "/account/again?next=/emergency"


@form_page(Action.ASK_EMERGENCY)
def ask_emergency(request: StaffRequest) -> HttpResponse:
    """Ask to read a case on which one is not named; it opens at once, and everybody concerned is told."""
    action, problem = Action.ASK_EMERGENCY, ""
    form = ActForm(action, parts_for(action), request.POST or None)
    if not did_recently_reauthenticate(request):
        if request.method == "GET":
            return redirect(AGAIN)
        problem = _("Type your password again first; what you wrote stays here.")
    elif can_read(request, action, form):
        done, problem = attempt(request, action, None, form)
        if done:
            return redirect("case", case_id=done.case_id)
    status = 422 if problem or form.errors else 200
    context = {"action": action, "form": form, "problem": problem, "again": AGAIN}
    return act(acting_person(request), action, lambda: render(request, "web/emergency.html", context, status=status))


@page(Action.REVIEW_EMERGENCY, Action.RAISE_FINDING)
def oversight(request: StaffRequest) -> HttpResponse:
    """Show what is to be reviewed: emergencies to who reviews them, findings to who may raise one."""
    may_raise = bool(roles_for(acting_person(request), Action.RAISE_FINDING))
    context = {
        "emergencies": emergencies(asked(request, "emergencies")),
        "findings": findings(asked(request, "findings")),
        "may_raise": may_raise,
    }
    return render(request, "web/oversight.html", context)


def emergency_page(action: Action, then: str) -> View:
    """Return the page of an act on an emergency."""

    @form_page(action)
    def view(request: StaffRequest, emergency_id: UUID) -> HttpResponse:
        def draw(form: ActForm | None, problem: str) -> HttpResponse:
            context = {"emergency": emergency_for(emergency_id), "back": then}
            return draw_act(request, action, form or ActForm(action, parts_for(action)), problem, context)

        return answer_act(request, action, emergency_id, draw, then=then)

    return view


def finding_page(action: Action, then: str) -> View:
    """Return the page of an act on a finding."""

    @form_page(action)
    def view(request: StaffRequest, finding_id: UUID) -> HttpResponse:
        def draw(form: ActForm | None, problem: str) -> HttpResponse:
            context = {"finding": finding_for(finding_id), "back": then}
            return draw_act(request, action, form or ActForm(action, parts_for(action)), problem, context)

        return answer_act(request, action, finding_id, draw, then=then)

    return view


@form_page(Action.RAISE_FINDING)
def raise_finding(request: StaffRequest) -> HttpResponse:
    """Open a finding about somebody of the agency."""
    action = Action.RAISE_FINDING

    def draw(form: ActForm | None, problem: str) -> HttpResponse:
        data = request.POST if form else None
        shown = ActForm(action, parts_for(action), data, choices=choices_of(action, None))
        shown.take_complaints(form)
        return draw_act(request, action, shown, problem, {"back": "/oversight"})

    return answer_act(request, action, None, draw, then="/oversight")
