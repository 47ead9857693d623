"""Advice that was given: a page without a case, and without a word about the people it concerns."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casework.input.parts import parts_for
from casework.input.read import local_today
from permissions.acting import act
from permissions.vocabulary import Action
from web.forms import ActForm
from web.pages import form_page
from web.requests import StaffRequest, acting_person
from web.views.acts import attempt, can_read


@form_page(Action.RECORD_ADVICE)
def new_advice(request: StaffRequest) -> HttpResponse:
    """Record advice in codes; afterwards the page is empty again, for the next call."""
    action, problem = Action.RECORD_ADVICE, ""
    form = ActForm(action, parts_for(action), request.POST or None, values={"advice-date": local_today()})
    if can_read(request, action, form):
        done, problem = attempt(request, action, None, form)
        if done:
            messages.success(request, _("The advice is recorded."))
            return redirect("new_advice")
    status = 422 if problem or form.errors else 200
    context = {"action": action, "form": form, "problem": problem}
    return act(acting_person(request), action, lambda: render(request, "web/new_advice.html", context, status=status))
