"""Emergency access: asked with a reason, read-only for hours, told to who is named, reviewed by another; and findings."""

from uuid import UUID

from casework.access import allow, allow_oversight, stands_to_emergency, within_reach
from casework.actions.handlers import carries_out
from casework.actions.lost_races import was_first
from casework.actions.request import ActionRequest, ActionResult
from casework.input.read import Malformed
from casework.lock import grants
from casework.models import Emergency, Finding
from casework.terms.deadlines import term_of
from permissions.acting import acting
from permissions.decision import Missing, Refused, Relation
from permissions.reasons import Reason, Rule
from permissions.vocabulary import Action
from workflows.causes import Cause
from workflows.table import NotNow

NOT_JUSTIFIED = "not_justified"


@carries_out(Action.ASK_EMERGENCY)
def ask_emergency(request: ActionRequest) -> ActionResult:
    """Open a case of one's own controller, on which one is not named, for reading, for the hours of the clock.

    A case that is absent, or behind a wall, is answered the same way.
    """
    values = request.given("emergency")
    allow(Relation(same_agency=True, same_controller=True))
    made = request.act.made_id("emergency")
    case_id, is_named = grants.break_glass(
        made,
        values,
        until=term_of("EMERGENCY"),
        review_due=term_of("EMERGENCY_REVIEW"),
    )
    if is_named:
        raise NotNow(None, request.act.action, Cause.NAMED_ALREADY)
    if case_id is None:
        raise Malformed("emergency", "reference", "no_such_case")
    return ActionResult(case_id, made, {"emergency": made, "case": case_id})


def _reached(emergency_id: UUID) -> Emergency:
    """Return an emergency within reach, locked for this act; raises Refused where its own user would review it."""
    act, here = acting(), Emergency.objects.filter(pk=within_reach("emergency", emergency_id))
    if act.action is Action.REVIEW_EMERGENCY and here.filter(user_id=act.actor.person_id).exists():
        raise Refused(Reason(Rule.NOT_BY_USER, act.action))
    row = here.select_for_update().first()
    if row is None:
        raise Missing("emergency")
    allow(stands_to_emergency(row))
    return row


@carries_out(Action.END_EMERGENCY)
def end_emergency(request: ActionRequest) -> ActionResult:
    """End it before its hours are over."""
    row = _reached(request.target)
    if row.ended_at is not None:
        raise was_first(row.ended_by_id, "ended", row.ended_at)
    if row.ends_at <= request.act.moment:
        raise NotNow(None, request.act.action, Cause.ENDED)
    row.ended_at, row.ended_by_id = request.act.moment, request.act.actor.person_id
    row.save(update_fields=("ended_at", "ended_by_id"), force_update=True)
    return ActionResult(row.case_id, row.pk)


@carries_out(Action.REVIEW_EMERGENCY)
def review_emergency(request: ActionRequest) -> ActionResult:
    """Judge whether it was justified, never one's own; what was not opens a finding."""
    values = request.given("verdict")
    row = _reached(request.target)
    if row.reviewed_at is not None:
        raise was_first(row.reviewed_by_id, row.verdict, row.reviewed_at, ("verdict", row.verdict_reason))
    row.verdict, row.verdict_reason = values["code"], values["text"]
    row.reviewed_by_id, row.reviewed_at = request.act.actor.person_id, request.act.moment
    row.save(update_fields=("verdict", "verdict_reason", "reviewed_by_id", "reviewed_at"), force_update=True)
    if row.verdict == NOT_JUSTIFIED:
        _open(request, row.user_id, "emergency", values["text"], row)
    return ActionResult(row.case_id, row.pk)


def _open(request: ActionRequest, about_id: int, kind: str, text: str, emergency: Emergency | None = None) -> Finding:
    row = Finding(
        id=request.act.made_id("finding"),
        case_id=emergency.case_id if emergency else None,
        agency_id=request.act.actor.agency_id,
        about_id=about_id,
        kind=kind,
        emergency_id=emergency.pk if emergency else None,
        text=text,
        opened_by_id=request.act.actor.person_id,
        opened_at=request.act.moment,
    )
    Finding.objects.bulk_create([row])
    return row


@carries_out(Action.RAISE_FINDING)
def raise_finding(request: ActionRequest) -> ActionResult:
    """Open a finding about a person of the agency."""
    values = request.given("finding")
    allow_oversight()
    if values["person"] == request.act.actor.person_id:
        raise Refused(Reason(Rule.RAISED_BY_ANOTHER, request.act.action))
    return ActionResult(None, _open(request, request.member("finding", values["person"]), "raised", values["text"]).pk)


def _to_close(request: ActionRequest) -> Finding:
    """Return a finding within reach, locked; what concerns oneself is refused before the lock would hide it."""
    here = Finding.objects.filter(pk=within_reach("finding", request.target))
    found = here.values_list("case_id", "about_id", "people").first()
    if found is None:
        raise Missing("finding")
    case_id, about_id, people = found
    allow_oversight(case_id)
    if request.act.actor.person_id in {about_id, *people}:
        raise Refused(Reason(Rule.NOT_BY_CONCERNED, request.act.action))
    row = here.select_for_update().first()
    if row is None:
        raise Missing("finding")
    return row


@carries_out(Action.CLOSE_FINDING)
def close_finding(request: ActionRequest) -> ActionResult:
    """Close a finding with what came of it, never one about oneself."""
    values = request.given("closing")
    row = _to_close(request)
    if row.closed_at is not None:
        raise was_first(row.closed_by_id, "closed", row.closed_at, ("closing", row.closing))
    row.closing, row.closed_by_id, row.closed_at = values["text"], request.act.actor.person_id, request.act.moment
    row.save(update_fields=("closing", "closed_by_id", "closed_at"), force_update=True)
    return ActionResult(row.case_id, row.pk)
