"""Emergency access: asked with a reason, read-only for hours, told to who is named, reviewed by another; and findings."""

from uuid import UUID

from casework.access import allow, allow_oversight, stands_to_emergency, within_reach
from casework.actions import grants
from casework.actions.lost_races import was_first
from casework.actions.request import Deed, Done
from casework.input.read import Malformed
from casework.models import Emergency, Finding
from casework.terms.deadlines import term_of
from permissions.decision import Missing, Refused, Relation
from workflows.table import NotNow

NOT_JUSTIFIED = "not_justified"


def ask_emergency(deed: Deed) -> Done:
    """Open a case of one's own controller, on which one is not named, for reading, for the hours of the clock.

    A case that is absent, or behind a wall, is answered the same way.
    """
    values = deed.given("emergency")
    allow(Relation(same_agency=True, same_controller=True))
    made = deed.act.made_id("emergency")
    case_id, is_named = grants.break_glass(
        made,
        values,
        until=term_of("EMERGENCY"),
        review_due=term_of("EMERGENCY_REVIEW"),
    )
    if is_named:
        raise NotNow("named_already", deed.act.action)
    if case_id is None:
        raise Malformed("emergency", "reference", "no_such_case")
    return Done(case_id, made, {"emergency": made, "case": case_id})


def _reached(emergency_id: UUID) -> Emergency:
    """Return an emergency within reach, locked."""
    row = Emergency.objects.select_for_update().filter(pk=within_reach("emergency", emergency_id)).first()
    if row is None:
        raise Missing("no such emergency within reach")
    allow(stands_to_emergency(row))
    return row


def end_emergency(deed: Deed) -> Done:
    """End it before its hours are over."""
    row = _reached(deed.target)
    if row.ended_at is not None:
        raise was_first(row.ended_by_id, "ended", row.ended_at)
    if row.ends_at <= deed.act.moment:
        raise NotNow("ended", deed.act.action)
    row.ended_at, row.ended_by_id = deed.act.moment, deed.act.actor.person_id
    row.save(update_fields=("ended_at", "ended_by_id"), force_update=True)
    return Done(row.case_id, row.pk)


def review_emergency(deed: Deed) -> Done:
    """Judge whether it was justified, never one's own; what was not opens a finding."""
    values = deed.given("verdict")
    row = _reached(deed.target)
    if row.user_id == deed.act.actor.person_id:
        raise Refused("review_emergency: never by its user")
    if row.reviewed_at is not None:
        raise was_first(row.reviewed_by_id, row.verdict, row.reviewed_at, ("verdict", row.verdict_reason))
    row.verdict, row.verdict_reason = values["code"], values["text"]
    row.reviewed_by_id, row.reviewed_at = deed.act.actor.person_id, deed.act.moment
    row.save(update_fields=("verdict", "verdict_reason", "reviewed_by_id", "reviewed_at"), force_update=True)
    if row.verdict == NOT_JUSTIFIED:
        _open(deed, row.user_id, "emergency", values["text"], row)
    return Done(row.case_id, row.pk)


def _open(deed: Deed, about_id: int, kind: str, text: str, emergency: Emergency | None = None) -> Finding:
    row = Finding(
        id=deed.act.made_id("finding"),
        case_id=emergency.case_id if emergency else None,
        agency_id=deed.act.actor.agency_id,
        about_id=about_id,
        kind=kind,
        emergency_id=emergency.pk if emergency else None,
        text=text,
        opened_by_id=deed.act.actor.person_id,
        opened_at=deed.act.moment,
    )
    Finding.objects.bulk_create([row])
    return row


def raise_finding(deed: Deed) -> Done:
    """Open a finding about a person of the agency."""
    values = deed.given("finding")
    allow_oversight()
    if values["person"] == deed.act.actor.person_id:
        raise Refused("raise_finding: another raises what concerns oneself")
    return Done(None, _open(deed, deed.member("finding", values["person"]), "raised", values["text"]).pk)


def close_finding(deed: Deed) -> Done:
    """Close a finding with what came of it, never one about oneself."""
    values = deed.given("closing")
    row = Finding.objects.select_for_update().filter(pk=within_reach("finding", deed.target)).first()
    if row is None:
        raise Missing("no such finding within reach")
    allow_oversight(row.case_id)
    if deed.act.actor.person_id in (row.about_id, *row.people):
        raise Refused("close_finding: never by the person whom it concerns")
    if row.closed_at is not None:
        raise was_first(row.closed_by_id, "closed", row.closed_at, ("closing", row.closing))
    row.closing, row.closed_by_id, row.closed_at = values["text"], deed.act.actor.person_id, deed.act.moment
    row.save(update_fields=("closing", "closed_by_id", "closed_at"), force_update=True)
    return Done(row.case_id, row.pk)
