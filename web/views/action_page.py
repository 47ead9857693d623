"""Pages that change something: each makes its form from the parts table and hands it to `perform`."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from casework.actions.drafts import DraftPlace
from casework.actions.lost_races import DoneBefore, LostSight, lost_sight
from casework.actions.perform import perform, read_access, record_failed_attempt
from casework.actions.request import ActionResult
from casework.entries.entry import Page
from casework.entries.table import ENTRIES
from casework.facts.first_steps import Stale, last_step_on
from casework.input.parts import parts_for
from casework.input.read import Malformed
from permissions.acting import Busy, act
from permissions.decision import Actor
from permissions.vocabulary import Action
from web.drafts import DOES, answer_draft, restore_draft
from web.forms import ActForm, Choices
from web.pages import guarded_form, to_sign_in
from web.requests import StaffRequest, operation_of, version_of
from web.views.choices import check_choices, choices_of, found_for
from web.views.errors import overtaken, who_was_first
from web.words import cause_in_words, label
from workflows.table import Incomplete, NotNow
from workflows.tracks import approvals_of

AFTERWARDS = {action: "home" for action, entry in ENTRIES.items() if entry.shuts_out}
"""Where an act leads after which its doer may no longer see what it was done on: that page would be refused."""
ASKED_TOO = {action: entry.asked for action, entry in ENTRIES.items() if entry.asked}
"""What a page asks although no step needs it by law: when an attempted visit was, and how it ended."""
UNDECLARED = cast("Action", "")


class ActionView(View):
    """A page that changes something: it opens its own acts, one to draw and one to do; what was typed is never lost.

    `action` is what it declares. A page says in `find` what it shows, in `parts`, `choices`, `values` and `optional` what
    its form asks, in `around` what stands beside the form, and in `leads_to` what comes after.
    """

    request: StaffRequest
    action = UNDECLARED
    named = ""
    """The argument of the address that names what the act is done on."""
    back = ""
    """The page that the act is reached from and leads back to, where that is not a case."""
    onward = ""
    """The page that shows what the act is done on, where the act leads back to it."""
    wants = ""
    """The part without which there is nothing to do; where it is left out, the form asks for each of its fields."""
    template = "web/act.html"
    offers_found = False
    """Whether the page offers what `choices_of` finds for its action."""
    offers: frozenset[str] = frozenset()
    """Fields (`part-column`) for which the page itself finds what is offered."""
    leaves_out: frozenset[str] = frozenset()
    """Fields of the action that this page does not ask."""
    draft_page: Page | None = None
    """The kind of page whose form is stored as a draft until it is sent; nothing where a form is not."""
    draft_at: datetime | None = None
    """When the draft was stored that the page shows; nothing where it shows none."""
    actor: Actor
    target: Any = None
    """The id of what the act is done on."""

    @classmethod
    def as_view(cls, **given: Any) -> Callable[..., HttpResponseBase]:
        """Return the page as Django calls it; it says which action it needs.

        Raises LawError where its form would ask for something of the records and offer nothing.
        """
        view, action = super().as_view(**given), Action(given.get("action", cls.action))
        view.actions = (action,)  # type: ignore[attr-defined]
        check_choices(action, cls.offers | cls.leaves_out | (found_for(action) if cls.offers_found else frozenset()))
        return view

    def dispatch(self, request: HttpRequest, *args: Any, **ids: Any) -> HttpResponseBase:
        """Answer a signed-in person, else lead to signing in; a form that was drawn for another membership is not taken."""
        if self.request.actor is None:
            return to_sign_in(self.request)
        self.actor, self.target = self.request.actor, ids.get(self.named)
        answer = super().dispatch
        return guarded_form(self.request, self.actor, lambda: cast("HttpResponse", answer(request, *args, **ids)))

    def get(self, request: StaffRequest, **_ids: UUID) -> HttpResponse:  # noqa: ARG002 - Django's signature
        """Draw the empty form."""
        return self.answer()

    def post(self, request: StaffRequest, **_ids: UUID) -> HttpResponse:
        """Do what was sent, store it as a draft where that was asked, or draw it again."""
        if request.POST.get("do") in DOES and (answer := self.answer_draft()):
            return answer
        form = ActForm(self.action, parts_for(self.action), request.POST, is_drawn=False)
        problem = ""
        if self.can_read(form):
            done, problem = self.attempt(form)
            if done:
                return self.leads_to(done)
        return self.answer(form, problem)

    def answer_draft(self) -> HttpResponse | None:
        """Store or throw away the draft of this form, where that was asked."""
        if self.draft_page is None:
            return None
        return answer_draft(self.request, self.actor, DraftPlace(self.action, self.draft_page, self.target))

    def can_read(self, form: ActForm) -> bool:
        """Whether the form can be read and answers what its page asks; if not, a failed attempt is recorded on the trail."""
        if not form.is_valid():
            if not form.held:
                record_failed_attempt(self.actor, self.action, "malformed", self.target)
            return False
        if self.wants not in {"", *form.cleaned_data}:
            record_failed_attempt(self.actor, self.action, "malformed", self.target)
            form.refuse(Malformed(self.wants, "", "required"))
            return False
        asked = ASKED_TOO.get(self.action, "")
        if asked in {"", *form.cleaned_data}:
            return True
        record_failed_attempt(self.actor, self.action, "incomplete", self.target)
        form.ask_for((asked,))
        return False

    def attempt(self, form: ActForm) -> tuple[ActionResult | None, str]:
        """Perform, or say in one sentence why not."""
        version, operation = version_of(self.request), operation_of(self.request)
        given = form.cleaned_data
        try:
            done = perform(self.actor, self.action, self.target, given, version=version, operation=operation, drawn=True)
        except (Malformed, Incomplete) as error:
            return None, complain(form, error)
        except LostSight:
            raise  # there is no page to draw again: it is told on one of its own
        except (Stale, NotNow, Busy) as error:
            return None, why_not(error)
        return done, ""

    def leads_to(self, done: ActionResult) -> HttpResponse:
        """Say what was done, and go on where it leads: whence it is reached, to what it is done on, or to its case."""
        messages.success(self.request, self.action, extra_tags="recorded")
        if page := AFTERWARDS.get(self.action, self.back):
            return redirect(page)
        if self.onward:
            return redirect(reverse(self.onward, kwargs=self.kwargs))
        return redirect("case", case_id=done.case_id) if done.case_id else redirect("home")

    def answer(self, form: ActForm | None = None, problem: str = "") -> HttpResponse:
        """Draw the page; where there is nothing to draw any more, say at least why the act came to nothing."""
        lost = partial(lost_sight, self.target) if self.target and self.request.method == "POST" else None
        draw = partial(self.draw, form, problem)
        try:
            return act(self.actor, self.action, draw, about=self.target, sees=read_access(self.target), lost=lost)
        except NotNow:
            if problem := problem or self._who_was_first():
                return overtaken(self.request, problem)
            if self.draft_page and self.request.method != "POST":  # nothing to fill in any more, and words to be copied
                act(self.actor, self.action, self.draft, about=self.target)
            raise

    def _who_was_first(self) -> str:
        """Return who took the step first on which this page was drawn; nothing where it was not sent by a drawn form."""
        if self.request.method != "POST" or not self.target or version_of(self.request) is None:
            return ""
        first = act(self.actor, self.action, partial(last_step_on, self.target), about=self.target)
        return who_was_first(first) if first else ""

    def draw(self, form: ActForm | None, problem: str) -> HttpResponse:
        """Draw the page inside its act: its form, and what stands around it."""
        self.find()
        shown = self.shown(form or self.draft())
        context = {"action": self.action, "form": shown, "problem": problem, **self.around(shown)}
        context |= {"has_draft": self.draft_page is not None and bool(shown.fields), "draft_at": self.draft_at}
        if self.back:
            context["back"] = reverse(self.back)
        return render(self.request, self.template, context, status=422 if problem or shown.errors else 200)

    def draft(self) -> ActForm | None:
        """Return the form as its draft has it, where there is one; nothing of a draft is judged before it is sent."""
        if self.draft_page is None or self.request.method == "POST":
            return None
        self.draft_at = restore_draft(self.request, self.target)
        return ActForm(self.action, parts_for(self.action), self.request.POST, is_drawn=False) if self.draft_at else None

    def find(self) -> None:
        """Find what the page shows, inside its act."""

    def shown(self, form: ActForm | None) -> ActForm:
        """Return the form as the page shows it: with what can be chosen, and with what was complained of."""
        data, choices, values = self.request.POST if form else None, self.choices(), self.values()
        shown = ActForm(self.action, self.parts(form), data, choices=choices, values=values, optional=self.optional())
        shown.take_complaints(form)
        return shown

    def parts(self, _form: ActForm | None) -> tuple[str, ...]:
        """Return the parts to ask."""
        return parts_for(self.action)

    def choices(self) -> Choices:
        """Return what can be chosen where that stands in the records."""
        return choices_of(self.action, self.case_id) if self.offers_found else {}

    @property
    def case_id(self) -> UUID | None:
        """Return the case on which the act is done, once it is found; None where it is done on no case."""
        return None

    def values(self) -> dict[str, Any]:
        """Return what stands in the form at first."""
        return {}

    def optional(self) -> frozenset[str]:
        """Return the parts that can be left out."""
        return frozenset()

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return what stands around the form."""
        return {}


class AskingView(ActionView):
    """A page that answers on itself: what was asked stands above its answer."""

    def post(self, request: StaffRequest, **_ids: UUID) -> HttpResponse:
        """Read what is asked, and answer it."""
        form = ActForm(self.action, parts_for(self.action), request.POST)
        self.ask(form)
        return self.answer(form)

    def ask(self, form: ActForm) -> None:
        """Take what was asked."""
        self.can_read(form)

    def shown(self, form: ActForm | None) -> ActForm:
        """Return the form that was read, or an empty one."""
        return form or super().shown(form)


def complain(form: ActForm, error: Malformed | Incomplete) -> str:
    """Show the errors of an act at the fields of its form; return as a sentence what belongs to no field."""
    if isinstance(error, Malformed):
        form.refuse(error)
        return ""
    left = form.ask_for(error.missing)
    return why_not(Incomplete(left)) if left else ""


def why_not(error: Incomplete | Stale | NotNow | Busy) -> str:
    """Return in a sentence why an act came to nothing."""
    if isinstance(error, Busy):
        return _("Somebody else is working on the same thing at this moment. Nothing was stored; please send it again.")
    if isinstance(error, Incomplete):
        missing = ", ".join(label(fact).lower() for fact in error.missing)
        return _("Not yet: this is missing: %(missing)s.") % {"missing": missing}
    if isinstance(error, Stale | DoneBefore):
        return who_was_first(error.first)
    return cause_in_words(error.cause)


def approvals(workflow: str, state: str, action: Action) -> Choices:
    """Return what can be approved in this state of the workflow."""
    if action is not Action.ASK_APPROVAL:
        return {}
    return {"approval-action": [(str(one), label(one)) for one in sorted(approvals_of(workflow, state))]}


def asked_to_approve(action: Action, asked: list[Any]) -> dict[str, Any]:
    """Return the requests for approval; on the page that approves, only the one that it approves, with its id."""
    if action is not Action.APPROVE:
        return {"asked": asked}
    last = [row for row in asked if not row.approved_by_id][:1]
    return {"asked": last, "approving": last[0].pk if last else None}
