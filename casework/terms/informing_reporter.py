"""Whether a reporter was told in a way that fits what is known of them, judged anew when another source is stored."""

from uuid import UUID

from casework.input.codes import REPORTERS_TOLD
from casework.lock import grants
from casework.models import Deadline, StoredFact
from casework.terms.deadlines import reopen
from permissions.acting import acting

CLOCK = "INFORM_REPORTER"


def ask_to_inform_anew(case_id: UUID) -> None:
    """Let the term run again, due when it was, where how the reporter was told does not fit who they turn out to be."""
    mine = {"case_id": case_id, "agency_id": acting().actor.agency_id}
    told = StoredFact.objects.filter(fact="reporter_informed", **mine).order_by("-made_at", "-id").first()
    if told is not None and grants.reporter_to_inform(case_id) not in REPORTERS_TOLD[told.code]:
        reopen(Deadline.objects.filter(clock=CLOCK, **mine), told.made_at)
