"""A handoff as one of its ends sees it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from audit.recording import record_read
from casework.access import HandoffInReach, reach_handoff
from casework.models import Handoff, PackageItem, Ruling, StoredFact
from casework.packages import Line, Offer, offers_of, package_lines
from permissions.acting import acting
from permissions.decision import DESK_STATES, decide
from permissions.models import Agency, SharingAgreement
from permissions.vocabulary import Action
from workflows.calendars import AMSTERDAM
from workflows.tracks import WORKFLOWS

SHOWN = 50


@dataclass(frozen=True)
class HandoffPage:
    """A handoff, its package as far as this end may read it, and what may be done with it now."""

    handoff: Handoff
    end: str
    lines: list[Line]
    actions: tuple[Action, ...]
    answers: list[StoredFact]
    stays: list[Offer]
    """What of the sender's record was not chosen, while nothing has gone out; the receiver never sees it."""
    reference: str
    sender: str
    receiver: str


def see_handoff(handoff_id: UUID) -> HandoffPage:
    """Return a handoff with its package, where this end may read it, and record the look."""
    reached = reach_handoff(handoff_id, Action.SEE_HANDOFF, lock=False)
    handoff = reached.handoff
    items = package_items(handoff)
    record_read(
        "see_handoff",
        Handoff,
        handoff_id,
        case=handoff.case_id,
        record_agency=handoff.sender_id,
        basis=handoff.basis,
        shown={item.group for item in items},
    )
    ruling = Ruling.objects.filter(content_object_id=handoff.case_id).values("reference").first()
    names = dict(Agency.objects.filter(pk__in=(handoff.sender_id, handoff.receiver_id)).values_list("pk", "name"))
    return HandoffPage(
        handoff=handoff,
        end=reached.relation.end,
        lines=package_lines(items),
        actions=_actions(reached),
        answers=list(StoredFact.objects.filter(handoff_id=handoff_id).order_by("-made_at")[:10]),
        stays=_stays(handoff, reached.relation.end, items),
        reference=ruling["reference"] if ruling else "",
        sender=names[handoff.sender_id],
        receiver=names[handoff.receiver_id],
    )


def _stays(handoff: Handoff, end: str, items: list[PackageItem]) -> list[Offer]:
    if end != "sender" or handoff.state not in {"prepared", "checked"}:
        return []
    chosen = {(item.origin_id, item.group) for item in items}
    return [offer for offer in offers_of(handoff.case_id, handoff.sender_id) if (offer.origin_id, offer.group) not in chosen]


def package_items(handoff: Handoff) -> list[PackageItem]:
    """Return the items of the current package, as far as the lock shows them."""
    return list(PackageItem.objects.filter(handoff=handoff, package=handoff.package).order_by("position"))


def _actions(reached: HandoffInReach) -> tuple[Action, ...]:
    act = acting()
    found = [
        step.action
        for step in WORKFLOWS["handoff"].steps
        if step.source == reached.handoff.state and step.by == reached.relation.end
    ]
    if reached.handoff.state == "prepared" and reached.relation.end == "sender":
        found.insert(0, Action.PREPARE_HANDOFF)
    return tuple(
        action
        for action in found
        if any(decide(role, action, reached.relation, act.moment).allowed for role in act.actor.roles)
    )


def received() -> list[Handoff]:
    """Return what lies on the desk of the acting agency, oldest first."""
    rows = Handoff.objects.filter(receiver_id=acting().actor.agency_id, state__in=DESK_STATES)
    found = list(rows.select_related("sender").order_by("-is_acute", "moved_at")[:SHOWN])
    record_read("received", Handoff, "", shown=[str(row.pk) for row in found])
    return found


def receivers() -> list[Agency]:
    """Return the agencies with which the acting agency has an agreement in force, or shares a controller."""
    actor, today = acting().actor, acting().moment.astimezone(AMSTERDAM).date()
    agreed = SharingAgreement.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        sender_id=actor.agency_id,
        starts_on__lte=today,
    )
    chosen = Q(pk__in=agreed.values("receiver_id")) | Q(controller=actor.controller)
    return list(Agency.objects.filter(chosen, is_active=True).exclude(pk=actor.agency_id).order_by("name"))
