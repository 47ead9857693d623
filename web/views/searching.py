"""Search within one's own reach, ask whether another agency knows a person, and reveal what is stored apart."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casework.actions.perform import read_access, record_failed_attempt
from casework.actions.request import ActionResult
from casework.input.read import Malformed
from casework.selectors import CaseLine, case_for, known_check_for, known_checks, reveal, search_own, told_of_known
from permissions.acting import act
from permissions.decision import roles_for
from permissions.vocabulary import Action
from web.asking import asked
from web.forms import ActForm
from web.pages import page
from web.requests import StaffRequest
from web.views.action_page import ActionView, AskingView


class SearchView(AskingView):
    """The page that searches by name, birth date or reference; what is typed travels in the form, never in an address."""

    action = Action.SEARCH_OWN
    wants = "search"
    template = "web/search.html"
    wanted: Mapping[str, Any] | None = None

    def ask(self, form: ActForm) -> None:
        """Take what is searched for."""
        if self.can_read(form):
            self.wanted = form.cleaned_data["search"].values

    def answer(self, form: ActForm | None = None, problem: str = "") -> HttpResponse:
        """Draw what was found, or say why nothing was looked for."""
        try:
            return super().answer(form, problem)
        except Malformed as error:
            self.wanted = None
            record_failed_attempt(self.actor, self.action, "malformed", None)
            if form:
                form.refuse(error)
            return super().answer(form, problem)

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return what was found."""
        found = search_own(self.wanted["words"], self.wanted.get("why", "")) if self.wanted else None
        said = {"found": found.rows, "more": found.more} if found else {}
        return {**said, "searched": bool(found), "may_check": bool(roles_for(self.actor, Action.CHECK_KNOWN))}


class CheckKnownView(ActionView):
    """The page that asks whether another agency knows a person: its answer is the same whatever is found."""

    action = Action.CHECK_KNOWN
    back = "search"

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return what others let this person know."""
        return {"answers": told_of_known(asked(self.request, "after"))}

    def leads_to(self, _done: ActionResult) -> HttpResponse:
        """Begin anew."""
        said = _("The request is recorded. Whoever knows this person decides what they tell you.")
        messages.success(self.request, said)
        return redirect("check_known")


@page(Action.ANSWER_KNOWN_CHECK)
def questions(request: StaffRequest) -> HttpResponse:
    """Show what other agencies asked."""
    return render(request, "web/questions.html", {"list": known_checks(asked(request, "after"))})


class AnswerKnownView(ActionView):
    """The page on which a question of another agency is answered."""

    action = Action.ANSWER_KNOWN_CHECK
    named = "check_id"
    back = "questions"

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return the question."""
        return {"question": known_check_for(self.target)}


class RevealView(AskingView):
    """The page that shows what is stored apart, once a reason is given; no other page shows any of it."""

    named = "case_id"
    wants = "reveal"
    template = "web/reveal.html"
    why = ""
    line: CaseLine

    def ask(self, form: ActForm) -> None:
        """Take the reason."""
        if self.can_read(form):
            self.why = form.cleaned_data["reveal"].values["code"]

    def answer(self, form: ActForm | None = None, problem: str = "") -> HttpResponse:
        """Draw the page for who may see the case; to others nothing is told of whose act put it out of reach."""
        draw = partial(self.draw, form, problem)
        return act(self.actor, self.action, draw, about=self.target, sees=read_access(self.target))

    def find(self) -> None:
        """Find the case."""
        _, self.line = case_for(self.target, self.action)

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return what is stored apart, where a reason was given."""
        rows = reveal(self.target, self.why) if self.why else None
        return {"rows": rows, "case_id": self.target, "line": self.line}
