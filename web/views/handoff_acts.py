"""The page of an act on a handoff; one that is prepared can have its items chosen anew."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase

from casework.entries.entry import Page
from casework.facts.lookups import KnownHere
from casework.input.package_parts import ANSWERS, GROUNDS
from casework.input.parts import parts_for
from casework.selectors import HandoffPage, PackageChoice, follows, known_around, package_choice, see_handoff
from permissions.acting import acting
from permissions.vocabulary import Action
from web.forms import ActForm, Choices
from web.views.action_page import ActionView, approvals, asked_to_approve
from web.views.choices import RADAR, households, offered
from web.views.packages import ask_by_basis, bases_offered, first_values
from web.words import label


class HandoffView(ActionView):
    """The page of an act on a handoff: the package stands around its form, and whom the agency knows where it asks that."""

    named = "handoff_id"
    draft_page = Page.HANDOFF
    onward = "handoff"
    offers_found = True
    offers = frozenset({f"{RADAR}-case"})
    found: HandoffPage
    known: Sequence[KnownHere] | None = None

    def find(self) -> None:
        """Find the handoff, and whom of it the agency knows."""
        self.found = see_handoff(self.target, self.action)
        self.known = known_around(self.found)

    def parts(self, _form: ActForm | None) -> tuple[str, ...]:
        """Return the parts of the act; what becomes of a report is asked where somebody of it is known."""
        return tuple(part for part in parts_for(self.action) if part != RADAR or self.known)

    def choices(self) -> Choices:
        """Return what can be chosen: rows of the record, what can be approved, and households."""
        handoff = self.found.handoff
        found = super().choices() | approvals("handoff", handoff.state, self.action)
        return found | households(list(self.known or ()))

    @property
    def case_id(self) -> UUID:
        """Return the case of the handoff."""
        return self.found.handoff.case_id

    def optional(self) -> frozenset[str]:
        """Return the part that may be left out."""
        return frozenset({RADAR})

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return the handoff, whom of it the agency knows, and what was asked to approve."""
        found, handoff = self.found, self.found.handoff
        looked_at = acting().moment if self.known is not None else None
        context = {"handoff": found, "case_id": handoff.case_id, "version": handoff.version}
        context |= {"known": self.known, "radar_at": looked_at}
        context |= {"follows": follows("handoff", handoff.state, self.action)}
        return context | asked_to_approve(self.action, [row for row in found.asked if not row.approved_by_id])


class PreparedPackageView(HandoffView):
    """The page on which the items of a prepared package are chosen anew; its receiver and kind stay."""

    offers_found = False
    offers = frozenset({"package-items", "package-receiver"})
    choice: PackageChoice

    def find(self) -> None:
        """Find the package, and what it can hold."""
        self.choice = package_choice(self.target)
        self.found = self.choice.page

    def parts(self, _form: ActForm | None) -> tuple[str, ...]:
        """Return the one part of a package."""
        return ("package",)

    def choices(self) -> Choices:
        """Return the items that can be chosen; of ends and kinds only its own."""
        handoff = self.found.handoff
        return {
            "package-items": offered(self.choice.offers),
            "package-receiver": [(str(handoff.receiver_id), self.found.receiver)],
            "package-kind": [(handoff.kind, label(handoff.kind))],
            "package-basis": bases_offered(self.actor.kind, [self.choice.receiver_kind]),
        }

    def values(self) -> dict[str, Any]:
        """Return the package as it is now."""
        handoff = self.found.handoff
        answers = {f"package-{name}": "yes" if getattr(handoff, column) else "no" for name, column in ANSWERS.items()}
        grounds = {f"package-{name}": getattr(handoff, name) for name in GROUNDS}
        ends = {"package-kind": handoff.kind, "package-receiver": str(handoff.receiver_id)}
        first = first_values({}, self.choice.receiver_kind)
        return {**first, **grounds, **ends, "package-items": self.choice.chosen, **answers}

    def optional(self) -> frozenset[str]:
        """Return nothing: a package is given whole."""
        return frozenset()

    def shown(self, form: ActForm | None) -> ActForm:
        """Return the form with what its basis asks."""
        shown = super().shown(form)
        basis = self.request.POST.get("package-basis") or self.found.handoff.basis
        ask_by_basis(shown, basis, self.choice.receiver_kind)
        return shown


def handoff_page(action: Action) -> Callable[..., HttpResponseBase]:
    """Return the page of an act on a handoff."""
    return (PreparedPackageView if action is Action.PREPARE_HANDOFF else HandoffView).as_view(action=action)
