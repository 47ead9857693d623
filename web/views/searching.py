"""Search within one's own reach, ask whether another agency knows a person, and reveal what is kept apart."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casework.actions.perform import read_access, record_failed_attempt
from casework.input.parts import parts_for
from casework.input.read import Malformed
from casework.selectors import case_for, known_check_for, known_checks, reveal, search_own, told_of_known
from permissions.acting import act
from permissions.decision import roles_for
from permissions.vocabulary import Action
from web.asking import asked
from web.forms import ActForm
from web.pages import View, form_page, page
from web.requests import StaffRequest, acting_person
from web.views.acts import answer_act, attempt, can_read, draw_act


@form_page(Action.SEARCH_OWN)
def search(request: StaffRequest) -> HttpResponse:
    """Search by name, birth date or reference; what is typed travels in the form, never in an address."""
    form = ActForm(Action.SEARCH_OWN, parts_for(Action.SEARCH_OWN), request.POST or None)
    may_check = bool(roles_for(acting_person(request), Action.CHECK_KNOWN))
    context: dict[str, Any] = {"form": form, "action": Action.SEARCH_OWN, "searched": False, "may_check": may_check}
    wanted = _wanted(request, form)

    def draw() -> HttpResponse:
        if wanted:
            found = search_own(wanted["words"], wanted.get("why", ""))
            context.update(found=found.rows, more=found.more, searched=True)
        return render(request, "web/search.html", context, status=422 if form.errors else 200)

    return _searched(request, form, draw)


def _wanted(request: StaffRequest, form: ActForm) -> dict[str, Any] | None:
    """Return what is searched for; a form without a word is told what it lacks."""
    if not can_read(request, Action.SEARCH_OWN, form):
        return None
    if "search" not in form.cleaned_data:
        record_failed_attempt(acting_person(request), Action.SEARCH_OWN, "malformed", None)
        form.refuse(Malformed("search", "words", "required"))
    return form.cleaned_data.get("search")


def _searched(request: StaffRequest, form: ActForm, draw: Callable[[], HttpResponse]) -> HttpResponse:
    actor = acting_person(request)
    try:
        return act(actor, Action.SEARCH_OWN, draw)
    except Malformed as error:
        record_failed_attempt(actor, Action.SEARCH_OWN, "malformed", None)
        form.refuse(error)
        context = {"form": form, "action": Action.SEARCH_OWN, "searched": False}
        return act(actor, Action.SEARCH_OWN, lambda: render(request, "web/search.html", context, status=422))


@form_page(Action.CHECK_KNOWN)
def check_known(request: StaffRequest) -> HttpResponse:
    """Ask whether another agency knows a person: the answer on this page is the same whatever is found."""
    action, problem = Action.CHECK_KNOWN, ""
    form = ActForm(action, parts_for(action), request.POST or None)
    if can_read(request, action, form):
        done, problem = attempt(request, action, None, form)
        if done:
            messages.success(request, _("The request is recorded. Whoever knows this person decides what they tell you."))
            return redirect("check_known")
    return act(acting_person(request), action, lambda: _asking(request, form, problem))


def _asking(request: StaffRequest, form: ActForm, problem: str) -> HttpResponse:
    """Draw the question with what others let this person know."""
    told = told_of_known(asked(request, "after"))
    return draw_act(request, Action.CHECK_KNOWN, form, problem, {"back": "/search", "answers": told})


@page(Action.ANSWER_KNOWN_CHECK)
def questions(request: StaffRequest) -> HttpResponse:
    """Show what other agencies asked."""
    return render(request, "web/questions.html", {"list": known_checks(asked(request, "after"))})


@form_page(Action.ANSWER_KNOWN_CHECK)
def answer_known_check(request: StaffRequest, check_id: UUID) -> HttpResponse:
    """Answer a question of another agency."""
    action = Action.ANSWER_KNOWN_CHECK

    def draw(form: ActForm | None, problem: str) -> HttpResponse:
        context = {"question": known_check_for(check_id), "back": "/known-checks"}
        return draw_act(request, action, form or ActForm(action, parts_for(action)), problem, context)

    return answer_act(request, action, check_id, draw, then="/known-checks")


def reveal_page(action: Action) -> View:
    """Return the page that shows what is kept apart, once a reason is given; nothing of it stays on another page."""

    @form_page(action)
    def view(request: StaffRequest, case_id: UUID) -> HttpResponse:
        form = ActForm(action, parts_for(action), request.POST or None)
        why = form.cleaned_data.get("reveal", {}).get("code", "") if can_read(request, action, form, case_id) else ""

        def draw() -> HttpResponse:
            case_for(case_id, action)
            rows = reveal(case_id, why) if why else None
            context = {"rows": rows, "form": form, "action": action, "case_id": case_id}
            return render(request, "web/reveal.html", context, status=422 if form.errors else 200)

        return act(acting_person(request), action, draw, about=case_id, sees=read_access(case_id))

    return view
