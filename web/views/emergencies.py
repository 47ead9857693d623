"""Emergency access on its own page, its review, and findings."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.input.parts import parts_for
from casework.oversight.findings import emergencies, emergency_for, finding_for, findings
from permissions.decision import roles_for
from permissions.vocabulary import Action
from web.accounts import has_typed_password_again
from web.asking import asked
from web.forms import ActForm
from web.pages import page
from web.requests import StaffRequest, acting_person
from web.views.action_page import ActionView


class AskEmergencyView(ActionView):
    """The page on which one asks to read a case on which one is not named; it opens at once, and all concerned are told."""

    action = Action.ASK_EMERGENCY
    template = "web/emergency.html"

    def get(self, request: StaffRequest, **ids: UUID) -> HttpResponse:
        """Ask for the password first, then for the case."""
        return super().get(request, **ids) if has_typed_password_again(request) else redirect(again())

    def post(self, request: StaffRequest, **ids: UUID) -> HttpResponse:
        """Open the case; where the password was not typed again of late, what was written stays."""
        if not has_typed_password_again(request):
            form = ActForm(self.action, parts_for(self.action), request.POST)
            return self.answer(form, _("Type your password again first; what you wrote stays here."))
        return super().post(request, **ids)

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return where the password is typed again."""
        return {"again": again()}


def again() -> str:
    """Return the address where one types the password again, and comes back from."""
    return f"{reverse('account_reauthenticate')}?next={reverse('ask_emergency')}"


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


class EmergencyView(ActionView):
    """The page of an act on an emergency."""

    named = "emergency_id"

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return the emergency."""
        return {"emergency": emergency_for(self.target)}


class FindingView(ActionView):
    """The page of an act on a finding."""

    named = "finding_id"

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return the finding."""
        return {"finding": finding_for(self.target)}


class RaiseFindingView(ActionView):
    """The page on which a finding about somebody of the agency is opened."""

    action = Action.RAISE_FINDING
    back = "oversight"
    offers_found = True
