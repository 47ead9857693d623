"""Telling an agency that there is work, and nothing of what it is about."""

from casework.access import reach_handoff
from casework.actions.handlers import carries_out
from casework.actions.request import ActionRequest, ActionResult
from casework.models import Notice
from permissions.vocabulary import Action


@carries_out(Action.NOTIFY)
def notify(request: ActionRequest) -> ActionResult:
    """Tell an agency that there is work on a handoff: a word and an id, no content."""
    handoff = reach_handoff(request.target).handoff
    notice = Notice(
        id=request.act.made_id("notice"),
        case_id=handoff.case_id,
        agency_id=request.act.actor.agency_id,
        word=handoff.state,
        about_id=handoff.pk,
        made_at=request.act.moment,
    )
    Notice.objects.bulk_create([notice])
    return ActionResult(handoff.case_id, handoff.pk)
