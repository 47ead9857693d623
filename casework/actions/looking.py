"""Looks as acts: what the pages show by the same selectors, for a story that only needs that it was done."""

from uuid import UUID

from audit.recording import record_read
from casework.access import allow_oversight, reach_case, within_reach
from casework.actions.request import Deed, Done
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


def look_at_case(deed: Deed) -> Done:
    """See a case, read or print its record."""
    case_id = _case_of(deed.target)
    if deed.act.action is Action.SEE_CASE:
        see_case(case_id)
    else:
        read_record(case_id, deed.act.action)
    return Done(case_id, case_id)


def look_at_handoff(deed: Deed) -> Done:
    """See a handoff, and its package as far as this end may read it."""
    return Done(see_handoff(deed.target).handoff.case_id, deed.target)


def look_at_log(deed: Deed) -> Done:
    """Read the log of a case: who leads it by its own right, an auditor over the agency's entries."""
    if deed.act.action is Action.SEE_CASE_LOG:
        log_of_own_case(deed.target)
    else:
        allow_oversight(deed.on)
        case_log([deed.on] if deed.on else [])
    return Done(deed.on, deed.on)


def explain_case(deed: Deed) -> Done:
    """Explain who can see a case."""
    who_can_see(deed.target)
    return Done(deed.target, deed.target)


def look_at_ledger(deed: Deed) -> Done:
    """See what of a case went to whom: who leads the case, and the agency's auditors and privacy officers."""
    try:
        reach_case(deed.target)
    except Missing:
        allow_oversight(deed.target)
    rows = Disclosure.objects.filter(case_id=deed.target, agency_id=acting().actor.agency_id)
    shown = [str(key) for key in rows.order_by("-disclosed_at").values_list("pk", flat=True)]
    record_read("see_ledger", Case, deed.target, case=deed.target, record_agency=acting().actor.agency_id, shown=shown)
    return Done(deed.target, deed.target)
