"""What auditors do with the trail besides reading it: note on an entry, sample, sign off."""

from audit.models import Entry
from casework.access import allow_oversight
from casework.actions.handlers import carries_out
from casework.actions.request import ActionRequest, ActionResult
from casework.input.read import Values
from casework.models import Review
from casework.oversight.access_log import newest_of_agency
from permissions.decision import Missing, Refused
from permissions.reasons import Reason, Rule
from permissions.vocabulary import Action


def _given(request: ActionRequest, part: str) -> Values:
    """Return what an auditor filled in, once the law said yes; raises Malformed."""
    values = request.given(part)
    allow_oversight()
    return values


def _store_review(request: ActionRequest, kind: str, values: Values) -> ActionResult:
    return ActionResult(None, _written(request, kind, values).pk)


def _written(request: ActionRequest, kind: str, values: Values) -> Review:
    row = Review(
        id=request.act.made_id("review"),
        agency_id=request.act.actor.agency_id,
        kind=kind,
        made_by_id=request.act.actor.person_id,
        made_at=request.act.moment,
        about_id=values.get("person"),
        entry_id=values.get("entry"),
        since=values.get("since"),
        until=values.get("until"),
        seed=values.get("seed", ""),
        size=values.get("size", 0),
        text=values.get("text", ""),
    )
    Review.objects.bulk_create([row])
    return row


@carries_out(Action.ANNOTATE_TRAIL)
def annotate_trail(request: ActionRequest) -> ActionResult:
    """Write a note on one entry that one may see; the entry itself never changes."""
    values = _given(request, "annotation")
    if not Entry.objects.filter(pk=values["entry"]).exists():
        raise Missing("entry")
    return _store_review(request, "annotation", values)


@carries_out(Action.SIGN_OFF_REVIEW)
def sign_off_review(request: ActionRequest) -> ActionResult:
    """Sign that a period was reviewed, of everybody or of one person: never of oneself."""
    values = _given(request, "sign_off")
    if values.get("person") == request.act.actor.person_id:
        raise Refused(Reason(Rule.REVIEWED_BY_ANOTHER, request.act.action))
    if "person" in values:
        request.member("sign_off", values["person"])
    return _store_review(request, "sign_off", values)


@carries_out(Action.DRAW_SAMPLE)
def draw_sample(request: ActionRequest) -> ActionResult:
    """Draw entries of a period at random; whoever uses the same seed draws the same."""
    return _store_review(request, "sample", {**_given(request, "sample"), "entry": _newest()})


def ask_export(request: ActionRequest) -> Review:
    """Write down which export is asked for and with which purpose: of entries up to the newest one that there is now."""
    values = _given(request, "export")
    return _written(request, "export", {**values, "seed": values["format"], "entry": _newest()})


def _newest() -> int:
    """Return the newest entry that one may see: what comes later is not in it."""
    return max((entry.pk for entry in newest_of_agency(Entry.objects.all(), 1)), default=0)
