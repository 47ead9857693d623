"""Four eyes: asking a second person to approve what is recorded now, and approving it (docs/law.md section 4)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from casework.access import reach_handoff, reach_track, within_reach
from casework.actions.handlers import carries_out
from casework.actions.lost_races import DoneBefore, was_first
from casework.actions.request import ActionRequest, ActionResult
from casework.facts.first_steps import FirstStep, Stale
from casework.input.read import Malformed
from casework.models import Approval, Correction, Handoff, StoredFact, owned
from casework.terms.deadlines import meet_approved
from permissions.decision import Refused, may_approve
from permissions.models import User
from permissions.reasons import Reason, Rule
from permissions.vocabulary import Action
from workflows.causes import Cause
from workflows.fact_words import APPROVED_FIRST
from workflows.table import NotNow
from workflows.tracks import approvals_of


@dataclass(frozen=True, slots=True)
class Approvable:
    """What an approval is bound to: a version of a track, or a package of a handoff; a change of either voids it."""

    case_id: UUID
    about: dict[str, Any]
    state: str
    version: int
    content: int
    editor_id: int | None
    actions: frozenset[str]


def _approvable(request: ActionRequest) -> Approvable:
    if Handoff.objects.filter(pk=within_reach("handoff", request.target)).exists():
        reached = reach_handoff(request.target, version=request.version)
        handoff = reached.handoff
        if reached.relation.end != "sender":
            raise NotNow(handoff.state, request.act.action, Cause.OTHER_END)
        about = {"handoff_id": handoff.pk}
        actions = approvals_of("handoff")
        return Approvable(
            handoff.case_id, about, handoff.state, handoff.version, handoff.package_version, handoff.editor_id, actions
        )
    track = reach_track(request.target, version=request.version).track
    actions = approvals_of(track.kind)
    return Approvable(
        track.case_id, {"track_id": track.pk}, track.state, track.version, track.version, track.editor_id, actions
    )


@carries_out(Action.ASK_APPROVAL)
def ask_approval(request: ActionRequest) -> ActionResult:
    """Ask a second person of the agency to approve an action on this version of a track, or on this package."""
    found = _approvable(request)
    if not request.inputs.get("approval"):
        raise Malformed("approval", "text", "required")
    rows = [
        Approval(
            **owned(found.case_id, "approval", place),
            **found.about,
            action=values["action"],
            version=found.content,
            reason=values["text"],
            asked_by_id=request.act.actor.person_id,
        )
        for place, values in enumerate(request.inputs["approval"])
    ]
    if any(row.action not in found.actions for row in rows):
        raise Malformed("approval", "action", "no_such_code")
    for row in rows:
        if row.action in APPROVED_FIRST and _reason_of(row) is None:
            raise Malformed("approval", "action", "no_reason_stored")
    Approval.objects.bulk_create(rows)
    return ActionResult(found.case_id, request.target, {"approval": rows[0].pk})


def _reason_of(row: Approval) -> StoredFact | None:
    """Return the reason that is asked to be approved, as it is stored."""
    about = {"handoff_id": row.handoff_id} if row.handoff_id else {"track_id": row.track_id}
    facts = StoredFact.objects.filter(fact=row.action, case_id=row.case_id, agency_id=row.agency_id, **about)
    return facts.order_by("-made_at", "-id").first()


def _check_unchanged(row: Approval, state: str) -> None:
    """Refuse to approve a reason that was stored anew after it was asked."""
    fact = _reason_of(row)
    corrected = Correction.objects.filter(label=row.action, case_id=row.case_id, agency_id=row.agency_id)
    if fact is None or fact.made_at > row.made_at or corrected.filter(made_at__gt=row.made_at).exists():
        raise NotNow(state, Action.APPROVE, Cause.CHANGED)


def last_asked(version: int, **about: UUID) -> Approval | None:
    """Return what is approved next on this version of a track, or this package of a handoff: what was asked last."""
    rows = Approval.objects.filter(approved_by_id=None, version=version, **about)
    return rows.order_by("-made_at", "-id").first()


def _check_seen(request: ActionRequest, row: Approval, found: Approvable) -> None:
    """Refuse to approve what was asked after the page was drawn; raises Stale with who asked what."""
    seen = next((values["approval"] for values in request.inputs.get("approving", ())), row.pk)
    if seen != row.pk:
        who = User.objects.filter(pk=row.asked_by_id).values_list("full_name", flat=True).first()
        words = ((row.action, row.reason),)
        raise Stale(found.version, FirstStep(who or "", Action.ASK_APPROVAL, found.state, row.made_at, words))


def _approved_before(found: Approvable) -> DoneBefore | None:
    """Return who approved what was asked on this version; nothing where nobody asked."""
    rows = Approval.objects.filter(approved_at__isnull=False, version=found.content, **found.about)
    row = rows.order_by("-approved_at", "-id").first()
    if row is None or row.approved_at is None:
        return None
    return was_first(row.approved_by_id, "approved", row.approved_at, ("approver_reason", row.approver_reason))


@carries_out(Action.APPROVE)
def approve(request: ActionRequest) -> ActionResult:
    """Approve what was last asked on this track or handoff, as it was seen; never one's own asking or last edit."""
    found = _approvable(request)
    row = last_asked(version=found.content, **found.about)
    if row is None:
        raise _approved_before(found) or NotNow(found.state, request.act.action, Cause.NOTHING_ASKED)
    _check_seen(request, row, found)
    if not may_approve(request.act.actor.person_id, row.asked_by_id, found.editor_id):
        raise Refused(Reason(Rule.FOUR_EYES, request.act.action))
    row.approved_by_id = request.act.actor.person_id
    row.approved_at = request.act.moment
    row.approver_reason = next((values["text"] for values in request.inputs.get("approver_reason", ())), "")
    row.approved_roles = [str(role) for role in request.act.actor.roles]
    row.save(update_fields=("approved_by_id", "approved_at", "approved_roles", "approver_reason"), force_update=True)
    if row.action in APPROVED_FIRST:
        _check_unchanged(row, found.state)
        meet_approved(row)
    return ActionResult(row.case_id, request.target)
