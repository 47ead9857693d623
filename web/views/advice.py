"""Advice that was given: a page without a case, and without a word about the people it concerns."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from casework.actions.request import ActionResult
from casework.entries.entry import Page
from casework.input.read import local_today
from permissions.vocabulary import Action
from web.views.action_page import ActionView


class AdviceView(ActionView):
    """The page on which advice is recorded in codes; afterwards it is empty again, for the next call."""

    action = Action.RECORD_ADVICE
    template = "web/new_advice.html"
    draft_page = Page.OWN

    def values(self) -> dict[str, Any]:
        """Return today as the day of the call."""
        return {"advice-date": local_today()}

    def leads_to(self, _done: ActionResult) -> HttpResponse:
        """Begin anew."""
        messages.success(self.request, _("The advice is recorded."))
        return redirect("new_advice")
