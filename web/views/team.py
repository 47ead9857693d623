"""The team: who holds how much and who is away, the cases of one person, and handing them over in one act."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.actions.assigning import LEFT, MOST_AT_ONCE
from casework.actions.request import ActionResult
from casework.selectors import Holder, Holding, absence_of, holder_in, holding_of, references_of, takers, team
from casework.selectors.team import Taker
from permissions.acting import act
from permissions.decision import Missing
from permissions.vocabulary import Action
from web.asking import asked_id
from web.forms import ActForm, Choices
from web.pages import page
from web.requests import StaffRequest
from web.templatetags.words import day
from web.views.action_page import ActionView
from web.views.cases import key_of, page_after

ASKED = frozenset({"assignment-person", "reassignment-person", "reassignment-cases", "absence-deputy"})


@page(Action.ASSIGN, lists=True)
def team_page(request: StaffRequest) -> HttpResponse:
    """Show who works on cases: who is away, how much each holds, what is late, and what nobody holds."""
    found = team(asked_id(request, "after"))
    uncovered = [one for one in found.people if one.cases and one.away and not one.away.is_covered]
    return render(request, "web/team.html", {"team": found, "uncovered": uncovered})


class UnheldView(ActionView):
    """The open cases that nobody holds; those that are chosen, or all of them, are given to a colleague in one act."""

    action = Action.ASSIGN
    wants = "reassignment"
    template = "web/team_member.html"
    offers = ASKED
    back = "team_page"
    holder: Holder | None = None
    holding: Holding

    def find(self) -> None:
        """Find the cases."""
        self.holding = holding_of(self.holder.person_id if self.holder else None, page_after(self.request))

    def parts(self, _form: ActForm | None) -> tuple[str, ...]:
        """Return the part that says to whom they go."""
        return (self.wants,)

    def choices(self) -> Choices:
        """Return the colleagues to whom cases can be given, with who of them is away."""
        return {"reassignment-person": _offered(takers(self.holder.person_id if self.holder else None))}

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return the cases, which of them were chosen, and how many one act takes."""
        chosen = set(self.request.POST.getlist("reassignment-cases"))
        mine = self.holder.name if self.holder else ""
        most = min(self.holding.total, MOST_AT_ONCE)
        return {
            "holder": self.holder,
            "holding": self.holding,
            "rows": [
                (row, str(row.case_id) in chosen, [name for name in row.case.holders if name != mine])
                for row in self.holding.rows
            ],
            "most": most,
            "is_all": most == self.holding.total,
            "after": key_of(self.holding.following),
        }

    def leads_to(self, done: ActionResult) -> HttpResponse:
        """Say how many cases were handed over and name those that stay, and show what is left."""
        stays = [case for name, case in done.made.items() if name.startswith(LEFT)]
        messages.success(self.request, _moved(len(done.made) - len(stays)))
        if stays:
            messages.success(self.request, act(self.actor, self.action, lambda: _stay(self.target, stays)))
        return redirect(reverse("team_member" if self.kwargs else "team_unheld", kwargs=self.kwargs))


class MemberView(UnheldView):
    """The open cases of one person; those that are chosen, or all of them, are handed over in one act."""

    named = "membership_id"

    def find(self) -> None:
        """Find the person and their cases; raises Missing for a membership of another agency."""
        self.holder = holder_in(self.target)
        if self.holder is None:
            raise Missing("membership")
        super().find()

    def values(self) -> dict[str, Any]:
        """Return what stands in the form at first: of who is away, that they are, and who stands in."""
        away = self.holder.away if self.holder else None
        if away is None:
            return {}
        return {"reassignment-code": "absence", "reassignment-person": away.deputy_id if away.is_covered else None}


class AbsenceView(ActionView):
    """The page on which somebody who may assign says when a person of the agency is away, and who stands in."""

    action = Action.ASSIGN
    wants = "absence"
    named = "membership_id"
    template = "web/team_absence.html"
    offers = ASKED
    back = "team_page"
    holder: Holder

    def find(self) -> None:
        """Find the person; raises Missing for a membership of another agency."""
        self.holder = absence_of(self.target)

    def parts(self, _form: ActForm | None) -> tuple[str, ...]:
        """Return the part that says when, and who stands in."""
        return (self.wants,)

    def choices(self) -> Choices:
        """Return the colleagues who can stand in, with who of them is away."""
        return {"absence-deputy": _offered(takers(self.holder.person_id, with_oneself=True))}

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return the person."""
        return {"holder": self.holder}

    def leads_to(self, done: ActionResult) -> HttpResponse:  # noqa: ARG002 - every act leads somewhere
        """Say that it is stored, and show the person's cases, which can be handed over for that time."""
        messages.success(self.request, _("The absence is stored."))
        return redirect(reverse("team_member", kwargs=self.kwargs))


def _offered(found: Iterable[Taker]) -> list[tuple[str, Any]]:
    """Return colleagues as they are chosen, each with until when they are away."""
    away = _("%(name)s (away until %(day)s)")
    return [
        (str(one.person_id), away % {"name": one.name, "day": day(one.away_until)} if one.away_until else one.name)
        for one in found
    ]


def _moved(number: int) -> str:
    said = ngettext("%(number)s case is handed over.", "%(number)s cases are handed over.", number)
    return said % {"number": number}


def _stay(membership_id: UUID | None, cases: list[UUID]) -> str:
    """Name the cases that stay where they are."""
    holder = holder_in(membership_id) if membership_id else None
    said = ", ".join(references_of(holder.person_id if holder else None, cases))
    return _("Not handed over, because this colleague cannot be given them: %(cases)s.") % {"cases": said}
