"""The page of an act on a case."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from casework.actions.request import ActionResult
from casework.entries.entry import Page
from casework.input.parts import parts_for, parts_of_kind
from casework.selectors import CaseLine, case_for, corrections_of, parts_stored_apart
from permissions.acting import acting
from permissions.decision import roles_for
from permissions.vocabulary import Action
from web.forms import ActForm
from web.views.action_page import ActionView
from web.views.choices import values_of
from web.views.packages import ENDS, package_form

CONTENT_PARTS = (
    *("person", "premises", "note", "consent", "consent_withdrawn", "supervision_order"),
    *("person_correction", "premises_correction", "fact_correction", "correction_handled", "correction_given_up"),
)


class CaseView(ActionView):
    """The page of an act on a case."""

    named = "case_id"
    draft_page = Page.CASE
    offers_found = True
    kinds: frozenset[str]
    """The kinds of the tracks in the case that the person sees."""
    line: CaseLine

    def find(self) -> None:
        """Find the case, and which tracks there are."""
        self.kinds, self.line = case_for(self.target, self.action)

    @property
    def case_id(self) -> UUID:
        """Return the case."""
        return cast("UUID", self.target)

    def values(self) -> dict[str, Any]:
        """Return what the address fills in."""
        return self.request.GET.dict()

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return the case."""
        return {"case_id": self.target, "line": self.line}


class RecordView(CaseView):
    """The page on which something is recorded without a step: each part can be left out."""

    def parts(self, _form: ActForm | None) -> tuple[str, ...]:
        """Return the parts to offer: what may be recorded without a step depends on the tracks there are."""
        content = (*CONTENT_PARTS, *parts_stored_apart(self.target))
        useful = frozenset(content).union(*(parts_of_kind(kind) for kind in self.kinds)) - {"visit_plan", "visit_report"}
        useful -= set() if roles_for(acting().actor, Action.PLAN_VISIT) else {"prior_warning_answer"}
        allowed = parts_for(self.action)
        return tuple(part for part in dict.fromkeys((*content, *allowed)) if part in useful and part in allowed)

    def optional(self) -> frozenset[str]:
        """Return every part."""
        return frozenset(parts_for(self.action))

    def around(self, form: ActForm) -> dict[str, Any]:
        """Return the case, and how many corrections were seen: one that was made since is told first."""
        return super().around(form) | {"version": corrections_of(self.target)}


class NewPackageView(CaseView):
    """The page of a new package: first its receiver and basis, then what that basis asks."""

    beside: dict[str, Any]

    def shown(self, form: ActForm | None) -> ActForm:
        """Return the form of the package, with what its receiver and basis ask."""
        data, given = self.request.POST if form else None, values_of(self.target, self.request.GET)
        shown, self.beside = package_form(self.actor.kind, data, given, self.choices())
        shown.take_complaints(form)
        return shown

    def around(self, form: ActForm) -> dict[str, Any]:
        """Return the case, the ends and bases to choose from, and what the address filled in."""
        filled_in = [(name, value) for name, value in self.request.GET.items() if name not in ENDS]
        return super().around(form) | self.beside | {"filled_in": filled_in}

    def leads_to(self, done: ActionResult) -> HttpResponse:
        """Go on to the package."""
        return redirect("handoff", handoff_id=done.id)


class AssignView(CaseView):
    """The page on which people are assigned to one case; many at once are handed over from the team (web/views/team.py)."""

    wants = "assignment"
    leaves_out = frozenset({"reassignment-cases"})

    def parts(self, _form: ActForm | None) -> tuple[str, ...]:
        """Return the part of one case."""
        return (self.wants,)


OF_THEIR_OWN: dict[Action, type[CaseView]] = {
    Action.WRITE_RECORD: RecordView,
    Action.PREPARE_HANDOFF: NewPackageView,
    Action.ASSIGN: AssignView,
}


def case_page(action: Action) -> Callable[..., HttpResponseBase]:
    """Return the page of an act on a case."""
    return OF_THEIR_OWN.get(action, CaseView).as_view(action=action)
