"""The news of a correction: whom it concerns, and how the courier brings it (docs/decisions/0016)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from casework.access import reach_handoff
from casework.actions.handlers import carries_out
from casework.actions.handoff_steps import say_why
from casework.actions.intents import intend
from casework.actions.request import ActionRequest, ActionResult
from casework.facts.handoff import WORKFLOW, HandoffFacts
from casework.input.codes import NOTE_GROUPS, held_back
from casework.input.read import Inputs
from casework.lock import grants
from casework.models import Handoff, Note, PersonInCase, Premises, StoredFact
from casework.packages.items import Offer, offers_of, successors_of
from casework.people.children import ARRIVED
from casework.terms.deadlines import term_of
from permissions.acting import acting
from permissions.vocabulary import Action
from workflows.causes import Cause
from workflows.table import NotNow

ASKED = WORKFLOW.row("checked", Action.SEND_HANDOFF).needs
"""What sending asks, and the delivery of news asks again."""
OWED, TOLD = "HANDOFF_CORRECTED", "HANDOFF_NEWS"
"""The clocks: of the sender until the receiver is told, of the receiver until it has done something with it."""
AGAIN = timedelta(days=1)
"""After how long news that was held back is tried again, until it is delivered or given up."""

Key = tuple[UUID, str]
"""A row and the field group of a package that it stands in."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that packages can hold and that was corrected: its row as it was frozen, and what it now is."""

    origin_id: UUID
    group: str
    label: str
    said: str
    withheld: str


def changes(before: Sequence[Offer], after: Sequence[Offer]) -> list[Changed]:
    """Return what of a record's offers reads otherwise now."""
    was, now = ({(offer.origin_id, offer.group): offer for offer in offers} for offers in (before, after))
    return [_changed(key, was, now) for key in {**was, **now} if _reads(was.get(key)) != _reads(now.get(key))]


def _reads(offer: Offer | None) -> tuple[str, str, str] | None:
    return (offer.label, offer.value, offer.withheld) if offer else None


def _changed(key: Key, was: Mapping[Key, Offer], now: Mapping[Key, Offer]) -> Changed:
    origin_id, group = key
    new = now.get(key)
    if new is None:
        return Changed(origin_id, group, was[key].label, "", "")
    return Changed(origin_id, group, new.label, "" if new.withheld else new.value, new.withheld)


def replaced(case_id: UUID, new: Offer) -> list[Changed]:
    """Return this offer once for each earlier row that it replaced, directly or by way of another correction."""
    earlier: dict[UUID, list[UUID]] = {}
    for old, later in successors_of(case_id, acting().actor.agency_id).items():
        earlier.setdefault(later, []).append(old)
    found, left = [], [*earlier.get(new.origin_id, ())]
    while left:
        origin_id = left.pop()
        found.append(Changed(origin_id, new.group, new.label, "" if new.withheld else new.value, new.withheld))
        left += earlier.get(origin_id, ())
    return found


def note_replaced(note: Note, new: Offer | None) -> list[Changed]:
    """Return the new text for each note that this one corrects, in the field group in which each was sent.

    Where the new note is of a kind that goes into no package, the receiver is only told not to use what it has.
    """
    notes = {one.pk: one for one in Note.objects.filter(case_id=note.case_id, agency_id=note.agency_id)}
    found, earlier = [], note.corrects_id
    while earlier is not None:
        kind, earlier_id = notes[earlier].kind, earlier
        earlier = notes[earlier_id].corrects_id
        if kind in NOTE_GROUPS:
            found.append(Changed(earlier_id, NOTE_GROUPS[kind], new.label if new else kind, new.value if new else "", ""))
    return found


def tell(case_id: UUID, cause: UUID, changed: Sequence[Changed]) -> None:
    """Mark every package that holds one of these things: receivers of delivered ones get news, the others cannot be sent."""
    if not changed:
        return
    for handoff_id, receiver_id in grants.tell_recipients(case_id, cause, changed, term_of(OWED)):
        key = f"deliver_correction:{handoff_id}:{cause}"
        intend(Action.DELIVER_CORRECTION, key, agency_id=receiver_id, about_id=handoff_id)


@contextmanager
def telling_secrets(case_id: UUID, inputs: Inputs) -> Iterator[None]:
    """Tell what the body of this context made secret to the packages that hold it already, when the context ends."""
    named = {"premises": "is_secret", "person": "contact_is_secret"}
    if not any(values.get(name) for part, name in named.items() for values in inputs.get(part, ())):
        yield
        return
    mine = acting().actor.agency_id
    before = offers_of(case_id, mine)
    yield
    own = {"case_id": case_id, "agency_id": mine, "made_at": acting().moment}
    causes = [
        *Premises.objects.filter(is_secret=True, **own).values_list("pk", flat=True)[:1],
        *PersonInCase.objects.filter(contact_is_secret=True, **own).values_list("pk", flat=True)[:1],
    ]
    hidden = [row for row in changes(before, offers_of(case_id, mine)) if row.withheld]
    tell(case_id, causes[0], hidden)


def deliver_pending(handoff: Handoff) -> None:
    """Bring the receiver what waits to be told of this handoff, if anything does."""
    grants.deliver_news(handoff.pk, term_of(TOLD))


@carries_out(Action.DELIVER_CORRECTION)
def deliver_correction(request: ActionRequest) -> ActionResult:
    """Bring the news of a correction, if what sending asked holds at this moment; else say why not, and try again.

    News of a package that is on its way again goes with it.
    """
    handoff = reach_handoff(request.target).handoff
    if handoff.state not in ARRIVED:
        raise NotNow(handoff.state, request.act.action)
    if not grants.owes_news(request.target):
        raise NotNow(handoff.state, request.act.action, Cause.NOTHING_OWED)
    with grants.at_the_sender(request.target):
        sent = reach_handoff(request.target).handoff
        lost = HandoffFacts(sent).lost(ASKED)
        if lost:
            say_why(sent, _unsaid(sent, lost))
    if lost:
        key = f"deliver_correction:{request.target}:{request.act.moment.isoformat()}"
        due_at = request.act.moment + AGAIN
        intend(Action.DELIVER_CORRECTION, key, agency_id=handoff.receiver_id, about_id=handoff.pk, due_at=due_at)
    else:
        deliver_pending(handoff)
    return ActionResult(handoff.case_id, handoff.pk)


def _unsaid(handoff: Handoff, lost: Sequence[str]) -> list[str]:
    """Return the reasons against delivery that were not stored before: it is tried every day, and each is said once."""
    rows = StoredFact.objects.filter(handoff_id=handoff.pk, fact="reason", action=acting().action)
    known = set(rows.values_list("code", flat=True))
    return [limit for limit in lost if held_back(limit) not in known]
