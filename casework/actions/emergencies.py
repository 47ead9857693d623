"""Emergency access: asked with a reason, read-only for hours, told to who is named, reviewed by another; and findings."""

from uuid import UUID

from casework.access import allow, allow_oversight, stands_to_emergency, within_reach
from casework.actions.lost_races import was_first
from casework.actions.request import ActionRequest, ActionResult
from casework.input.read import Malformed
from casework.lock import grants
from casework.models import Emergency, Finding
from casework.terms.deadlines import term_of
from permissions.decision import Missing, Refused, Relation
from workflows.table import NotNow

NOT_JUSTIFIED = "not_justified"


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
        raise NotNow("named_already", request.act.action)
    if case_id is None:
        raise Malformed("emergency", "reference", "no_such_case")
    return ActionResult(case_id, made, {"emergency": made, "case": case_id})


def _reached(emergency_id: UUID) -> Emergency:
    """Return an emergency within reach, locked."""
    row = Emergency.objects.select_for_update().filter(pk=within_reach("emergency", emergency_id)).first()
    if row is None:
        raise Missing("no such emergency within reach")
    allow(stands_to_emergency(row))
    return row


def end_emergency(request: ActionRequest) -> ActionResult:
    """End it before its hours are over."""
    row = _reached(request.target)
    if row.ended_at is not None:
        raise was_first(row.ended_by_id, "ended", row.ended_at)
    if row.ends_at <= request.act.moment:
        raise NotNow("ended", request.act.action)
    row.ended_at, row.ended_by_id = request.act.moment, request.act.actor.person_id
    row.save(update_fields=("ended_at", "ended_by_id"), force_update=True)
    return ActionResult(row.case_id, row.pk)


def review_emergency(request: ActionRequest) -> ActionResult:
    """Judge whether it was justified, never one's own; what was not opens a finding."""
    values = request.given("verdict")
    row = _reached(request.target)
    if row.user_id == request.act.actor.person_id:
        raise Refused("review_emergency: never by its user")
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


def raise_finding(request: ActionRequest) -> ActionResult:
    """Open a finding about a person of the agency."""
    values = request.given("finding")
    allow_oversight()
    if values["person"] == request.act.actor.person_id:
        raise Refused("raise_finding: another raises what concerns oneself")
    return ActionResult(None, _open(request, request.member("finding", values["person"]), "raised", values["text"]).pk)


def close_finding(request: ActionRequest) -> ActionResult:
    """Close a finding with what came of it, never one about oneself."""
    values = request.given("closing")
    row = Finding.objects.select_for_update().filter(pk=within_reach("finding", request.target)).first()
    if row is None:
        raise Missing("no such finding within reach")
    allow_oversight(row.case_id)
    if request.act.actor.person_id in (row.about_id, *row.people):
        raise Refused("close_finding: never by the person whom it concerns")
    if row.closed_at is not None:
        raise was_first(row.closed_by_id, "closed", row.closed_at, ("closing", row.closing))
    row.closing, row.closed_by_id, row.closed_at = values["text"], request.act.actor.person_id, request.act.moment
    row.save(update_fields=("closing", "closed_by_id", "closed_at"), force_update=True)
    return ActionResult(row.case_id, row.pk)
