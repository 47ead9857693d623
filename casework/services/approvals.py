"""Four eyes: asking a second person for approval of what stands, and giving it (docs/law.md section 4)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from casework import storing
from casework.access import check_version, reach_handoff, reach_track, within_reach
from casework.inputs import Malformed
from casework.models import Approval, Handoff
from casework.services.deeds import Deed, Done
from permissions.decision import Refused, may_approve
from permissions.vocabulary import Action
from workflows.table import NotNow
from workflows.tracks import WORKFLOWS


@dataclass(frozen=True, slots=True)
class Approvable:
    """What an approval is bound to: a version of a track, or a package of a handoff; a change of either voids it."""

    case_id: UUID
    about: dict[str, Any]
    version: int
    content: int
    editor_id: int | None
    actions: frozenset[Action]


def _approvable(deed: Deed) -> Approvable:
    if Handoff.objects.filter(pk=within_reach("handoff", deed.target)).exists():
        reached = reach_handoff(deed.target)
        handoff = reached.handoff
        if reached.relation.end != "sender":
            raise NotNow(handoff.state, deed.act.action)
        about = {"handoff_id": handoff.pk}
        actions = WORKFLOWS["handoff"].approved_actions
        return Approvable(handoff.case_id, about, handoff.version, handoff.package, handoff.editor_id, actions)
    track = reach_track(deed.target).track
    actions = WORKFLOWS[track.kind].approved_actions
    return Approvable(track.case_id, {"track_id": track.pk}, track.version, track.version, track.editor_id, actions)


def ask_approval(deed: Deed) -> Done:
    """Ask a second person of the agency to approve an action on this version of a track, or on this package."""
    found = _approvable(deed)
    check_version(found.version, deed.version)
    if not deed.inputs.get("approval"):
        raise Malformed("approval", "text", "required")
    rows = [
        Approval(
            **storing.owned(found.case_id, "approval", place),
            **found.about,
            action=values["action"],
            version=found.content,
            reason=values["text"],
            asked_by_id=deed.act.actor.person_id,
        )
        for place, values in enumerate(deed.inputs["approval"])
    ]
    if any(row.action not in found.actions for row in rows):
        raise Malformed("approval", "action", "no_such_code")
    Approval.objects.bulk_create(rows)
    return Done(found.case_id, deed.target, {"approval": rows[0].pk})


def approve(deed: Deed) -> Done:
    """Approve what was last asked on this track or handoff; never one's own asking, nor one's own last edit."""
    found = _approvable(deed)
    rows = Approval.objects.filter(approved_by_id=None, version=found.content, **found.about)
    row = rows.order_by("-made_at").first()
    if row is None:
        raise NotNow("nothing_asked", deed.act.action)
    if not may_approve(deed.act.actor.person_id, row.asked_by_id, found.editor_id):
        raise Refused("approve: never by the person who asked, nor by the last editor")
    row.approved_by_id = deed.act.actor.person_id
    row.approved_at = deed.act.moment
    row.approver_reason = next((values["text"] for values in deed.inputs.get("approver_reason", ())), "")
    row.save(update_fields=("approved_by_id", "approved_at", "approver_reason"), force_update=True)
    return Done(row.case_id, deed.target)
