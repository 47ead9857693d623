"""The page of every act: drawn from the parts table, done by the service of the same name."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casework.actions.lost_races import DoneBefore, LostSight, Stale, last_step_on, lost_sight
from casework.actions.perform import perform, read_access, record_failed_attempt
from casework.actions.request import ActionResult
from casework.input.fact_parts import PART_OF_FACT
from casework.input.package_parts import ANSWERS, GROUNDS
from casework.input.parts import parts_for, parts_of_kind
from casework.input.read import Malformed
from casework.selectors import (
    HandoffPage,
    PackageChoice,
    TrackPage,
    case_for,
    corrections_of,
    kept_apart,
    known_around,
    package_choice,
    see_handoff,
    track_for,
)
from permissions.acting import Busy, act, acting
from permissions.decision import roles_for
from permissions.vocabulary import Action
from web.forms import ActForm, Choices
from web.pages import View, form_page
from web.requests import StaffRequest, acting_person, operation_of, version_of
from web.views.choices import RADAR, choices_of, consent_choices, hit, households, offered, values_of
from web.views.errors import overtaken, who_was_first
from web.views.packages import ENDS, bases_offered, first_values, keep_asked, package_form
from web.words import label
from workflows.table import Incomplete, NotNow
from workflows.tracks import approvals_of

AFTERWARDS = {Action.DECLARE_CONFLICT: "/"}
"""Where an act leads that closes what it was done on to who did it: the page behind it would be refused."""
ASKED_TOO = {Action.RECORD_ATTEMPT: "visit_report"}
"""What a page asks although the law needs it for no step: an attempt of which nobody says when and how it ended."""
CONTENT_PARTS = (
    *("person", "premises", "note", "consent", "consent_withdrawn", "supervision_order"),
    *("person_correction", "premises_correction", "fact_correction", "correction_handled", "correction_given_up"),
)
Draw = Callable[[ActForm | None, str], HttpResponse]


def track_page(action: Action) -> View:
    """Return the page of a step on a track."""

    @form_page(action)
    def view(request: StaffRequest, track_id: UUID) -> HttpResponse:
        def draw(form: ActForm | None, problem: str) -> HttpResponse:
            found = track_for(track_id, action)
            optional = optional_parts(action, found.missing)
            choices = (
                choices_of(action, found.track.case_id)
                | _approvals(found.track.kind, found.track.state, action)
                | _hits(found)
            )
            choices |= consent_choices(found.track.case_id) if action is Action.RECORD_CONSENT else {}
            data = request.POST if form else None
            shown = ActForm(action, _parts_of_step(found, action, form), data, choices=choices, optional=optional)
            shown.take_complaints(form)
            return draw_act(request, action, shown, problem, _around(found) | _asked(action, found.asked))

        return answer_act(request, action, track_id, draw)

    return view


def _parts_of_step(found: TrackPage, action: Action, form: ActForm | None) -> tuple[str, ...]:
    """Return the parts to ask: those that the step still needs, and of what was sent whatever says something."""
    asked = parts_for(action, found.missing)
    return tuple(part for part in parts_for(action) if part in asked or form.is_touched(part)) if form else asked


def _around(found: TrackPage) -> dict[str, Any]:
    """Return what stands around the form of a step."""
    return {
        "track": found.track,
        "case_id": found.track.case_id,
        "held": sorted(found.held - {row.fact for row in found.told}),
        "told": found.told,
        "is_complete": not found.missing,
        "gaps": [fact for fact in found.missing if fact not in PART_OF_FACT],
        "may_write": found.may_write,
        "warnings": found.warnings,
        "looked_at": found.looked_at,
        "version": found.track.version,
    }


def _asked(action: Action, asked: list[Any]) -> dict[str, Any]:
    """Return what was asked to approve; on the page of approving only what it approves, by its id."""
    if action is not Action.APPROVE:
        return {"asked": asked}
    last = [row for row in asked if not row.approved_by_id][:1]
    return {"asked": last, "approving": last[0].pk if last else None}


def _hits(found: TrackPage) -> Choices:
    """Return the earlier warnings that an answer can be about; none chosen is all of them."""
    return {"prior_warning_answer-case": [hit(row.hit, row.reference, row.warned_on) for row in found.warnings or ()]}


def optional_parts(action: Action, missing: tuple[str, ...]) -> frozenset[str]:
    """Return the parts of a step that none of what it still needs rests on."""
    needed = {PART_OF_FACT.get(fact, "") for fact in missing} | {ASKED_TOO.get(action, "")}
    return frozenset(part for part in parts_for(action, missing) if part not in needed)


def case_page(action: Action) -> View:
    """Return the page of an act on a case."""

    @form_page(action)
    def view(request: StaffRequest, case_id: UUID) -> HttpResponse:
        def draw(form: ActForm | None, problem: str) -> HttpResponse:
            choices, data = choices_of(action, case_id), request.POST if form else None
            parts = _parts_in_case(action, case_for(case_id, action), case_id)
            if action is Action.PREPARE_HANDOFF:
                return new_package(request, case_id, form, problem, choices)
            shown = ActForm(action, parts, data, choices=choices, values=request.GET.dict(), optional=_all(action))
            shown.take_complaints(form)
            context: dict[str, Any] = {"case_id": case_id}
            if action is Action.WRITE_RECORD:  # who corrects has seen so many corrections: one made since is told first
                context["version"] = corrections_of(case_id)
            return draw_act(request, action, shown, problem, context)

        return answer_act(request, action, case_id, draw, then=AFTERWARDS.get(action, ""))

    return view


def new_package(request: StaffRequest, case_id: UUID, form: ActForm | None, problem: str, choices: Choices) -> HttpResponse:
    """Draw the form of a new package: first its receiver and basis, then what that basis asks."""
    data, given = request.POST if form else None, values_of(case_id, request.GET)
    shown, context = package_form(acting_person(request).kind, data, given, choices)
    context["kept"] = [(name, value) for name, value in request.GET.items() if name not in ENDS]
    shown.take_complaints(form)
    return draw_act(request, Action.PREPARE_HANDOFF, shown, problem, {"case_id": case_id, **context})


def _parts_in_case(action: Action, kinds: frozenset[str], case_id: UUID) -> tuple[str, ...]:
    """Return the parts to offer: what may be recorded without a step depends on the tracks there are."""
    if action is not Action.WRITE_RECORD:
        return parts_for(action)
    content = (*CONTENT_PARTS, *kept_apart(case_id))
    useful = frozenset(content).union(*(parts_of_kind(kind) for kind in kinds)) - {"visit_plan", "visit_report"}
    useful -= set() if roles_for(acting().actor, Action.PLAN_VISIT) else {"prior_warning_answer"}
    return tuple(
        part for part in dict.fromkeys((*content, *parts_for(action))) if part in useful and part in parts_for(action)
    )


def _all(action: Action) -> frozenset[str]:
    return frozenset(parts_for(action)) if action is Action.WRITE_RECORD else frozenset()


def handoff_page(action: Action) -> View:
    """Return the page of an act on a handoff; one that is prepared can have its items chosen anew."""

    @form_page(action)
    def view(request: StaffRequest, handoff_id: UUID) -> HttpResponse:
        def draw(form: ActForm | None, problem: str) -> HttpResponse:
            found, shown, around = _drawn(request, action, handoff_id, form)
            context = {"handoff": found, "case_id": found.handoff.case_id, "version": found.handoff.version, **around}
            context |= _asked(action, [row for row in found.asked if not row.approved_by_id])
            return draw_act(request, action, shown, problem, context)

        return answer_act(request, action, handoff_id, draw, then=AFTERWARDS.get(action, f"/handoffs/{handoff_id}"))

    return view


def _drawn(
    request: StaffRequest, action: Action, handoff_id: UUID, form: ActForm | None
) -> tuple[HandoffPage, ActForm, dict[str, Any]]:
    """Return a handoff, the form of the act on it, and whom the agency knows where it asks that."""
    if action is Action.PREPARE_HANDOFF:
        return *_chosen_anew(request, handoff_id, form), {}
    found = see_handoff(handoff_id, action)
    known = known_around(found)
    choices = choices_of(action, found.handoff.case_id) | _approvals("handoff", found.handoff.state, action)
    parts = tuple(part for part in parts_for(action) if part != RADAR or known)
    data, optional = request.POST if form else None, frozenset({RADAR})
    shown = ActForm(action, parts, data, choices=choices | households(known or []), optional=optional)
    shown.take_complaints(form)
    return found, shown, {"known": known, "radar_at": acting().moment if known is not None else None}


def _approvals(workflow: str, state: str, action: Action) -> Choices:
    """Return what can be approved in this state of the workflow."""
    if action is not Action.ASK_APPROVAL:
        return {}
    return {"approval-action": [(str(one), label(one)) for one in sorted(approvals_of(workflow, state))]}


def _as_it_stands(found: PackageChoice) -> dict[str, Any]:
    handoff = found.page.handoff
    answers = {f"package-{name}": "yes" if getattr(handoff, column) else "no" for name, column in ANSWERS.items()}
    return {f"package-{name}": getattr(handoff, name) for name in GROUNDS} | {
        "package-kind": handoff.kind,
        "package-receiver": str(handoff.receiver_id),
        "package-items": found.chosen,
        **answers,
    }


def _chosen_anew(request: StaffRequest, handoff_id: UUID, form: ActForm | None) -> tuple[HandoffPage, ActForm]:
    """Return the form of a prepared package as it stands; its receiver and kind stay."""
    found = package_choice(handoff_id)
    handoff = found.page.handoff
    ends = [(str(handoff.receiver_id), found.page.receiver)]
    kinds = [(handoff.kind, label(handoff.kind))]
    bases = bases_offered(acting_person(request).kind, [found.receiver_kind])
    items = offered(found.offers)
    choices = {"package-items": items, "package-receiver": ends, "package-kind": kinds, "package-basis": bases}
    data = request.POST if form else None
    values = {**first_values({}, found.receiver_kind), **_as_it_stands(found)}
    shown = ActForm(Action.PREPARE_HANDOFF, ("package",), data, choices=choices, values=values)
    keep_asked(shown, request.POST.get("package-basis") or handoff.basis, found.receiver_kind)
    shown.take_complaints(form)
    return found.page, shown


def draw_act(request: StaffRequest, action: Action, form: ActForm, problem: str, context: dict[str, Any]) -> HttpResponse:
    """Draw the page of an act: its form, and what stands around it."""
    status = 422 if problem or form.errors else 200
    return render(request, "web/act.html", {"action": action, "form": form, "problem": problem, **context}, status=status)


def can_read(request: StaffRequest, action: Action, form: ActForm, target: UUID | None = None) -> bool:
    """Whether a form was sent and says what can be taken; one that does not is a try, and stands on the trail."""
    if request.method != "POST" or form.is_valid():
        return request.method == "POST"
    if not form.held:
        record_failed_attempt(acting_person(request), action, "malformed", target)
    return False


def says_what_is_asked(request: StaffRequest, action: Action, form: ActForm, target: UUID | None) -> bool:
    """Whether a form says what its page asks beside the law (ASKED_TOO); one that does not is a try."""
    asked = ASKED_TOO.get(action, "")
    if asked in {"", *form.cleaned_data}:
        return True
    record_failed_attempt(acting_person(request), action, "incomplete", target)
    form.ask_for((asked,))
    return False


def answer_act(request: StaffRequest, action: Action, target: UUID | None, draw: Draw, then: str = "") -> HttpResponse:
    """Do what was posted, or draw the form; what was typed is kept."""
    form, problem = None, ""
    if request.method == "POST":
        form = ActForm(action, parts_for(action), request.POST)
        if can_read(request, action, form, target) and says_what_is_asked(request, action, form, target):
            done, problem = attempt(request, action, target, form)
            if done:
                return redirect(then or _next(action, done))
    return _drawn_or_told(request, action, target, lambda: draw(form, problem), problem)


def _drawn_or_told(
    request: StaffRequest, action: Action, target: UUID | None, draw: Callable[[], HttpResponse], problem: str
) -> HttpResponse:
    """Draw the page; where there is nothing to draw any more, say at least why the act came to nothing."""
    lost = partial(lost_sight, target) if target and request.method == "POST" else None
    try:
        return act(acting_person(request), action, draw, about=target, sees=read_access(target), lost=lost)
    except NotNow:
        if not problem and request.method == "POST" and target and version_of(request) is not None:
            first = act(acting_person(request), action, lambda: last_step_on(target), about=target)
            problem = who_was_first(first) if first else ""
        if problem:
            return overtaken(request, problem)
        raise


HANDOFF_STEPS = frozenset(
    {
        Action.CHECK_HANDOFF,
        Action.REWORK_HANDOFF,
        Action.SEND_HANDOFF,
        Action.WITHDRAW_HANDOFF,
        Action.ACKNOWLEDGE_HANDOFF,
        Action.ACCEPT_HANDOFF,
        Action.REFUSE_HANDOFF,
        Action.RETURN_HANDOFF,
        Action.START_WORK,
    },
)


def attempt(request: StaffRequest, action: Action, target: UUID | None, form: ActForm) -> tuple[ActionResult | None, str]:
    """Perform, or say in one sentence why not."""
    actor, version, operation = acting_person(request), version_of(request), operation_of(request)
    try:
        return perform(actor, action, target, form.cleaned_data, version=version, operation=operation, drawn=True), ""
    except Malformed as error:
        form.refuse(error)
        return None, ""
    except Incomplete as error:
        left = form.ask_for(error.missing)
        return None, why_not(Incomplete(left)) if left else ""
    except LostSight:
        raise  # there is no page to draw again: it is told on one of its own
    except (Stale, NotNow, Busy) as error:
        return None, why_not(error)


def why_not(error: Incomplete | Stale | NotNow | Busy) -> str:
    """Return in a sentence why an act came to nothing."""
    if isinstance(error, Busy):
        return _("Somebody else is working on the same thing at this moment. Nothing was stored; please send it again.")
    if isinstance(error, Incomplete):
        missing = ", ".join(label(fact).lower() for fact in error.missing)
        return _("Not yet: this is missing: %(missing)s.") % {"missing": missing}
    if isinstance(error, Stale | DoneBefore):
        return who_was_first(error.first)
    return _("This step is not possible in the present state.")


def _next(action: Action, done: ActionResult) -> str:
    if action is Action.PREPARE_HANDOFF:
        return f"/handoffs/{done.id}"
    if action is Action.EXPORT_TRAIL:
        return f"/workbench/exports/{done.id}"
    return f"/cases/{done.case_id}" if done.case_id else "/"
