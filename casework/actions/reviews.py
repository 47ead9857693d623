"""What auditors do with the trail besides reading it: note on an entry, sample, sign off."""

from audit.models import Entry
from casework.access import allow_oversight
from casework.actions.request import Deed, Done
from casework.input.read import Values
from casework.models import Review
from casework.oversight.access_log import newest_of_agency
from permissions.decision import Missing, Refused


def _given(deed: Deed, part: str) -> Values:
    """Return what an auditor filled in, once the law said yes; raises Malformed."""
    values = deed.given(part)
    allow_oversight()
    return values


def _kept(deed: Deed, kind: str, values: Values) -> Done:
    return Done(None, _written(deed, kind, values).pk)


def _written(deed: Deed, kind: str, values: Values) -> Review:
    row = Review(
        id=deed.act.made_id("review"),
        agency_id=deed.act.actor.agency_id,
        kind=kind,
        made_by_id=deed.act.actor.person_id,
        made_at=deed.act.moment,
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


def annotate_trail(deed: Deed) -> Done:
    """Write a note on one entry that one may see; the entry itself never changes."""
    values = _given(deed, "annotation")
    if not Entry.objects.filter(pk=values["entry"]).exists():
        raise Missing("no such entry within reach")
    return _kept(deed, "annotation", values)


def sign_off_review(deed: Deed) -> Done:
    """Sign that a period was reviewed, of everybody or of one person: never of oneself."""
    values = _given(deed, "sign_off")
    if values.get("person") == deed.act.actor.person_id:
        raise Refused("sign_off_review: another reviews what one looked at oneself")
    if "person" in values:
        deed.member("sign_off", values["person"])
    return _kept(deed, "sign_off", values)


def draw_sample(deed: Deed) -> Done:
    """Draw entries of a period at random; whoever uses the same seed draws the same."""
    return _kept(deed, "sample", {**_given(deed, "sample"), "entry": _newest()})


def ask_export(deed: Deed) -> Review:
    """Write down which export is asked for and with which purpose: of entries up to the newest one that there is now."""
    values = _given(deed, "export")
    return _written(deed, "export", {**values, "seed": values["format"], "entry": _newest()})


def _newest() -> int:
    """Return the newest entry that one may see: what comes later is not in it."""
    return max((entry.pk for entry in newest_of_agency(Entry.objects.all(), 1)), default=0)
