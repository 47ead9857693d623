"""Looks as acts, for the scenario player: they use the selectors of the pages, and a story only needs that they were done.

A page looks inside an act of its own (web/pages.py); these handlers are for who looks by `perform`: the scenario player.
"""

from uuid import UUID

from audit.recording import record_read
from casework.access import allow_oversight, reach_case, within_reach
from casework.actions.handlers import carries_out
from casework.actions.request import ActionRequest, ActionResult
from casework.input.read import Malformed
from casework.models import Case, Disclosure, Handoff, Track
from casework.oversight.access_log import case_log, log_of_own_case
from casework.oversight.explaining import who_can_see
from casework.selectors.cases import read_record, see_case
from casework.selectors.handoffs import see_handoff
from casework.selectors.reveal import reveal
from permissions.acting import acting
from permissions.decision import Missing
from permissions.vocabulary import Action


def _case_of(target: UUID) -> UUID:
    """Return the case of what is looked at: a case, an own track, or a handoff within reach."""
    track = Track.objects.filter(pk=within_reach("track", target)).values("case_id").first()
    handoff = None if track else Handoff.objects.filter(pk=within_reach("handoff", target)).values("case_id").first()
    found: UUID = (track or handoff or {"case_id": target})["case_id"]
    return found


@carries_out(Action.SEE_CASE, Action.READ_RECORD, Action.PRINT_CASE)
def look_at_case(request: ActionRequest) -> ActionResult:
    """See a case, read or print its record."""
    case_id = _case_of(request.target)
    if request.act.action is Action.SEE_CASE:
        see_case(case_id)
    else:
        read_record(case_id, request.act.action)
    return ActionResult(case_id, case_id)


@carries_out(Action.SEE_HANDOFF)
def look_at_handoff(request: ActionRequest) -> ActionResult:
    """See a handoff, and its package as far as this end may read it."""
    return ActionResult(see_handoff(request.target).handoff.case_id, request.target)


@carries_out(Action.SEE_CASE_LOG, Action.SEE_ACCESS_LOG)
def look_at_log(request: ActionRequest) -> ActionResult:
    """Read the log of a case: who leads it by its own right, an auditor over the agency's entries."""
    if request.act.action is Action.SEE_CASE_LOG:
        log_of_own_case(request.target)
    else:
        allow_oversight(request.on)
        case_log([request.on] if request.on else [])
    return ActionResult(request.on, request.on)


@carries_out(Action.EXPLAIN_ACCESS)
def explain_case(request: ActionRequest) -> ActionResult:
    """Explain who can see a case."""
    who_can_see(request.target)
    return ActionResult(request.target, request.target)


@carries_out(Action.SEE_LEDGER)
def look_at_ledger(request: ActionRequest) -> ActionResult:
    """See what of a case went to whom: who leads the case, and the agency's auditors and privacy officers."""
    try:
        reach_case(request.target)
    except Missing:
        allow_oversight(request.target)
    rows = Disclosure.objects.filter(case_id=request.target, agency_id=acting().actor.agency_id)
    shown = [str(key) for key in rows.order_by("-disclosed_at").values_list("pk", flat=True)]
    record_read("see_ledger", Case, request.target, case=request.target, record_agency=acting().actor.agency_id, shown=shown)
    return ActionResult(request.target, request.target)


@carries_out(Action.REVEAL_SOURCE, Action.REVEAL_BSN)
def reveal_apart(request: ActionRequest) -> ActionResult:
    """Reveal a source or a number, with its reason."""
    rows = request.inputs.get("reveal", ())
    if not rows:
        raise Malformed("reveal", "code", "required")
    reveal(request.target, rows[0]["code"])
    return ActionResult(request.target, request.target)
