"""Looks as acts: what the pages show by the same selectors, for a story that only needs that it was done."""

from uuid import UUID

from audit.recording import record_read
from casework.access import allow_oversight, reach_case, within_reach
from casework.actions.request import ActionRequest, ActionResult
from casework.models import Case, Disclosure, Handoff, Track
from casework.oversight.access_log import case_log, log_of_own_case
from casework.oversight.explaining import who_can_see
from casework.selectors.cases import read_record, see_case
from casework.selectors.handoffs import see_handoff
from permissions.acting import acting
from permissions.decision import Missing
from permissions.vocabulary import Action


def _case_of(target: UUID) -> UUID:
    """Return the case of what is looked at: a case, an own track, or a handoff within reach."""
    track = Track.objects.filter(pk=within_reach("track", target)).values("case_id").first()
    handoff = None if track else Handoff.objects.filter(pk=within_reach("handoff", target)).values("case_id").first()
    found: UUID = (track or handoff or {"case_id": target})["case_id"]
    return found


def look_at_case(request: ActionRequest) -> ActionResult:
    """See a case, read or print its record."""
    case_id = _case_of(request.target)
    if request.act.action is Action.SEE_CASE:
        see_case(case_id)
    else:
        read_record(case_id, request.act.action)
    return ActionResult(case_id, case_id)


def look_at_handoff(request: ActionRequest) -> ActionResult:
    """See a handoff, and its package as far as this end may read it."""
    return ActionResult(see_handoff(request.target).handoff.case_id, request.target)


def look_at_log(request: ActionRequest) -> ActionResult:
    """Read the log of a case: who leads it by its own right, an auditor over the agency's entries."""
    if request.act.action is Action.SEE_CASE_LOG:
        log_of_own_case(request.target)
    else:
        allow_oversight(request.on)
        case_log([request.on] if request.on else [])
    return ActionResult(request.on, request.on)


def explain_case(request: ActionRequest) -> ActionResult:
    """Explain who can see a case."""
    who_can_see(request.target)
    return ActionResult(request.target, request.target)


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
