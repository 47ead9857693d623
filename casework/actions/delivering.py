"""What sending asked must still hold when a package is delivered; it is asked at the sender's end, by the same rules."""

from casework.access import reach_handoff
from casework.actions.handoff_steps import move_handoff, say_why
from casework.actions.request import ActionRequest, ActionResult
from casework.facts.handoff import WORKFLOW, HandoffFacts
from casework.lock import grants
from casework.models import Handoff
from permissions.vocabulary import Action
from workflows.table import NotNow

ASKED = WORKFLOW.row("checked", Action.SEND_HANDOFF).needs
"""What sending asks, and delivery asks again."""


def hold_back(request: ActionRequest) -> ActionResult | None:
    """End a package that no longer meets its conditions: nothing is delivered; its sender reads why and may resend it."""
    _refuse_unsent(request)
    with grants.at_the_sender(request.target):
        handoff = reach_handoff(request.target).handoff
        found = HandoffFacts(handoff)
        lost = found.lost(ASKED) + (("conflict",) if grants.sender_is_walled(handoff.pk) else ())
        if not lost:
            _store_consents(handoff, found)
            return None
        say_why(handoff, lost)
        move_handoff(handoff, Action.WITHDRAW_HANDOFF, frozenset({"reason"}))
    return ActionResult(handoff.case_id, handoff.pk)


def _refuse_unsent(request: ActionRequest) -> None:
    state = reach_handoff(request.target).handoff.state
    if state != "sent":
        raise NotNow(state, request.act.action)


def _store_consents(handoff: Handoff, found: HandoffFacts) -> None:
    """Store the consents on which the package is delivered: another may have been given since it was sent."""
    if handoff.consents != found.limits.consents:
        handoff.consents = found.limits.consents
        handoff.save(update_fields=("consents",), force_update=True)
