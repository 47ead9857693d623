"""Logging what is reported: each kind of agency its own page, and sharing as a second step that is never forced."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casework.actions.perform import perform, record_failed_attempt
from casework.actions.request import ActionResult
from casework.entries.entry import Page as PageKind
from casework.facts.lookups import KnownHere, known_here
from casework.input.package_parts import OF_LIMIT
from casework.input.read import Malformed
from casework.selectors import receivers
from permissions.acting import act, acting
from permissions.bases import BASES, own_basis
from permissions.decision import Actor, Refused
from permissions.reasons import Reason, Rule
from permissions.vocabulary import Action, AgencyKind
from web.drafts import DOES, restore_draft
from web.forms import ActForm, Choices
from web.intake import Intake, complain_of_gaps, intake_form, intake_of, may_share, typed
from web.requests import StaffRequest, acting_person, operation_of
from web.views.action_page import ActionView
from web.views.choices import RADAR, households, of_agency
from web.words import label

NOT_AT_INTAKE = frozenset({"package-items", "package-special", "package-special_reason"}) | {
    f"package-{column.name}" for columns in OF_LIMIT.values() for column in columns
}
"""What is filled in on the package itself, once it is prepared: what some bases ask, and which items go."""


class NewReferralView(ActionView):
    """The page on which a report, a concern or a client is logged."""

    action = Action.OPEN_CASE
    draft_page = PageKind.OWN
    offers = frozenset({f"{RADAR}-case", "package-receiver"})
    leaves_out = NOT_AT_INTAKE

    def get(self, request: StaffRequest, **_ids: UUID) -> HttpResponse:
        """Draw the questions."""
        return new_referral(request)

    def post(self, request: StaffRequest, **_ids: UUID) -> HttpResponse:
        """Look up whom the agency knows, log what was typed, or store it as a draft."""
        stored = self.answer_draft() if request.POST.get("do") in DOES else None
        return stored or new_referral(request)


def new_referral(request: StaffRequest) -> HttpResponse:
    """Log a report, a concern or a client, and whom the agency knows already; what was typed stays, whatever is wrong."""
    actor = acting_person(request)
    if (intake := intake_of(actor.kind)) is None:
        return act(actor, Action.OPEN_CASE, _no_intake)
    page = Page(request, intake)
    if request.method == "POST" and request.POST.get("do") != "look" and page.is_good():
        try:
            done = perform(actor, Action.OPEN_CASE, given=page.given(), operation=operation_of(request))
        except Malformed as error:
            page.refuse(error)
        except Refused:
            page.form.add_error(None, _("You may log this, but not share it: leave sharing to a colleague."))
        else:
            return _leads_to(done)
    return act(actor, Action.OPEN_CASE, lambda: render(request, "web/new_referral.html", page.context(), status=page.status))


def _leads_to(done: ActionResult) -> HttpResponse:
    """Go on to what was shared, else to the new case."""
    made = done.made.get("handoff")
    return redirect("handoff", handoff_id=made) if made else redirect("case", case_id=done.id)


def _no_intake() -> HttpResponse:
    """Refuse the page of an agency that keeps no records of people: the try is on the trail."""
    raise Refused(Reason(Rule.NO_RECORDS, Action.OPEN_CASE))


class Page:
    """What one request shows and gives: the questions with their answers, who is known already, and what is to be shared."""

    def __init__(self, request: StaffRequest, intake: Intake) -> None:
        """Read what was typed, and look up whom the agency knows where it was asked or is to be saved."""
        self.actor, self.intake, self.looked = acting_person(request), intake, request.method == "POST"
        self.draft_at = None if self.looked else act(self.actor, Action.OPEN_CASE, partial(restore_draft, request, None))
        self.posted, self.looks = request.POST, request.POST.get("do") == "look"
        self.data = typed(request.POST) if self.looked or self.draft_at else None
        self.shares = may_share(self.actor) and request.POST.get("share") == "yes"
        codes = of_agency(self.actor.kind)
        self.form = intake_form(self.intake, self.data, codes)
        self.known = self._known()
        if self.known:
            self.form = intake_form(self.intake, self.data, codes | households(self.known), joins=True)
        choices = act(self.actor, Action.OPEN_CASE, lambda: _ends(self.actor)) if may_share(self.actor) else {}
        self.share = _share_form(self.data if self.shares else None, self.data, choices) if choices else None
        if self.looks or self.draft_at:
            self._draw_as_posted()

    def _known(self) -> list[KnownHere]:
        if self.data is None or not self.intake.is_radar:
            return []
        self.form.is_valid()
        given = self.form.cleaned_data
        named, placed = ([given[part].values] if part in given else [] for part in ("person", "premises"))
        return act(self.actor, Action.OPEN_CASE, lambda: known_here(named, placed)) if named or placed else []

    def is_good(self) -> bool:
        """Whether everything that must be said is said, but for what the service asks about whom the agency knows."""
        self.form.is_valid()
        complain_of_gaps(self.intake, self.form)
        good = not self.form.errors and (not self.shares or self.share is None or self.share.is_valid())
        if not good:
            self._draw_as_posted()
            if not self.form.held:
                record_failed_attempt(self.actor, Action.OPEN_CASE, "malformed", None)
        return good

    def refuse(self, error: Malformed) -> None:
        """Show a complaint that the service made, in the form to which it belongs.

        What becomes of a report about somebody who is known is asked by the service alone: what comes a second time is
        answered as before, though by now the first is known.
        """
        if (error.part, error.why) == ("known_here", "required") and self.known:
            said = _("Say what becomes of this report: your organisation knows somebody in it.")
            self.form.add_error("known_here-code", said)
            return
        is_shared = self.shares and self.share is not None and error.part in self.share.parts
        (self.share if is_shared and self.share else self.form).refuse(error)

    def _draw_as_posted(self) -> None:
        """Draw again what was chosen, also where it counted for nothing: a kind of note without its words."""
        if self.data is None:
            return
        for name in self.posted.keys() - self.data.keys():
            self.data.setlist(name, self.posted.getlist(name))

    def given(self) -> dict[str, Any]:
        """Return what the act stores: on which basis, what was told, and what is to be shared where that was chosen."""
        kind = self.actor.kind
        basis = {"code": own_basis(kind)} | ({"article": "8"} if kind is AgencyKind.POLICE else {})
        shared = self.share.cleaned_data if self.shares and self.share else {}
        return {"basis": basis, **self.form.cleaned_data, **shared}

    @property
    def status(self) -> int:
        """Say whether something is to be mended."""
        return 422 if (self.form.errors and not self.looks) or (self.shares and self.share and self.share.errors) else 200

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        groups = [
            (group.heading, [(self.form[name], name in self.intake.required) for name in group.fields])
            for group in self.intake.groups
        ]
        known = [self.form[name] for name in self.form.fields if name.startswith("known_here-")]
        return {
            "form": self.form, "action": Action.OPEN_CASE, "intake": self.intake, "groups": groups, "known": self.known,
            "known_fields": known, "share": self.share, "shares": self.shares, "looked": self.looked,
            "has_draft": True, "draft_at": self.draft_at, "looked_at": acting().moment,
        }  # fmt: skip


def _ends(actor: Actor) -> Choices:
    found = sorted(receivers(), key=lambda agency: agency.kind != AgencyKind.VEILIG_THUIS)
    kinds = {AgencyKind(agency.kind) for agency in found}
    fits = [basis.code for basis in BASES.values() if actor.kind in basis.senders and kinds & basis.receivers]
    return {
        "package-receiver": [(str(agency.pk), agency.name) for agency in found],
        "package-basis": [(code, label(code)) for code in fits],
    }


def _share_form(data: QueryDict | None, sent: QueryDict | None, choices: Choices) -> ActForm:
    """Return the second step; what was typed in it stays where it was not ticked."""
    said = {name: sent.get(name) for name in sent or () if name.startswith("package-")} if sent else {}
    values = {
        "package-receiver": choices["package-receiver"][0][0] if choices["package-receiver"] else "",
        "package-basis": "WMO_5_2_6" if "WMO_5_2_6" in dict(choices["package-basis"]) else "",
        "package-kind": "concern_report",
        "package-source_protected": "yes",
        "package-acute": "no",
        "package-why_items": _("What is needed to judge the safety of the child."),
        "package-why_receiver": _("They judge the safety of children in this region."),
        "package-why_now": _("The concern is of now."),
    }
    form = ActForm(Action.OPEN_CASE, ("package",), data, choices=choices, values=values | said)
    form.leave_out(*NOT_AT_INTAKE)
    return form
