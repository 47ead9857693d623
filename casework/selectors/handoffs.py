"""A handoff as one of its ends sees it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from audit.recording import record_read
from casework.access import HandoffInReach, reach_handoff
from casework.facts.limits import Limits
from casework.facts.lookups import LOOKS_AROUND, KnownHere, known_of
from casework.input.package_parts import GROUNDS
from casework.models import Approval, Handoff, PackageItem, Participation, StoredFact
from casework.packages.items import Line, Offer, offers_of, still_offered
from casework.packages.staying import Stay, staying, tells_nothing
from casework.selectors.beside import beside
from casework.selectors.corrected import lines_to_go, with_news
from casework.selectors.waiting_shape import ACUTE, LATER, Key
from casework.selectors.waiting_steps import HANDOFF_STEPS, is_own_choice
from permissions.acting import acting
from permissions.bases import GROUPS
from permissions.decision import DESK_STATES, ENDED_STATES, decide
from permissions.models import Agency, SharingAgreement, User
from permissions.vocabulary import Action, AgencyKind
from workflows.calendars import day_of
from workflows.causes import Cause
from workflows.residual import Remains, remains
from workflows.table import NotNow
from workflows.tracks import WORKFLOWS

PAGE = 50
OPEN_STATES = frozenset({"prepared", "checked"})
"""States in which a package has not gone out: what stays behind is shown, and an approval can be asked."""


OF_SENDER = frozenset({Action.ASK_APPROVAL, Action.APPROVE, Action.PREPARE_HANDOFF})
"""Acts on a package that are its sender's alone."""


@dataclass(frozen=True)
class HandoffPage:
    """A handoff, its package as far as this end may read it, and what may be done with it now."""

    handoff: Handoff
    end: str
    lines: list[Line]
    actions: tuple[Action, ...]
    answers: list[StoredFact]
    stays: list[Stay]
    """What of the sender's record does not go and why, while nothing has gone out; the receiver never sees it."""
    tells_nothing: bool
    """Whether a report goes without its own text; said to the sender while nothing has gone out."""
    editor: str
    """Who chose the items last; the receiver does not see it."""
    reference: str
    sender: str
    receiver: str
    asked: list[Approval]
    """Approvals that were asked for this package, given or not; the receiver never sees them."""
    missing: tuple[str, ...]
    """Why its basis does not carry it, while it has not gone out; the receiver never sees it."""
    grounds: list[tuple[str, object]]
    """What was stored for its basis, in the words of the form; the sender's alone but for the duty of secrecy."""
    orders: list[tuple[str, StoredFact, str]]
    """The orders of supervision on which it rests, each with the child and who stored it; the sender's alone."""
    remains: tuple[Remains, ...]
    """What each end keeps of it, once it is taken over or ended."""

    @property
    def main(self) -> Action | None:
        """Return the step that its state expects of who looks; who chose the items last does not check them."""
        mine = (one for one in self.actions if one in HANDOFF_STEPS)
        return next((one for one in mine if not is_own_choice(one, self.handoff.editor_id)), None)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, so that nobody has a next step."""
        return self.handoff.state in WORKFLOWS["handoff"].final


def _missing(handoff: Handoff) -> tuple[str, ...]:
    """Return why a package that is not sent yet cannot go: of its basis, and of what is ticked on it."""
    unsaid = ("special_reason",) if handoff.is_special and not handoff.special_reason else ()
    return (*Limits(handoff).missing(), *unsaid)


def see_handoff(handoff_id: UUID, action: Action = Action.SEE_HANDOFF) -> HandoffPage:
    """Return a handoff with its package, where this end may read it, and record the look."""
    reached = reach_handoff(handoff_id, action, lock=False)
    handoff = reached.handoff
    if action in OF_SENDER and reached.relation.end != "sender":
        raise NotNow(handoff.state, action, Cause.OTHER_END)
    items = package_items(handoff)
    _hide_grounds(reached)
    stays = _is_open(reached)
    record_read(
        action,
        Handoff,
        handoff_id,
        case=handoff.case_id,
        record_agency=handoff.sender_id,
        basis=handoff.basis,
        shown={item.group for item in items} | ({"stays"} if stays else set()),
    )
    asked = list(_asked_of(handoff))
    participation = Participation.objects.filter(content_object_id=handoff.case_id).values("reference").first()
    ends = {row.pk: row for row in Agency.objects.filter(pk__in=(handoff.sender_id, handoff.receiver_id))}
    sender, receiver = ends[handoff.sender_id], ends[handoff.receiver_id]
    return HandoffPage(
        handoff=handoff,
        end=reached.relation.end,
        lines=lines_to_go(handoff, items),
        actions=_actions(reached, asked),
        answers=list(StoredFact.objects.filter(handoff_id=handoff_id).order_by("-made_at")),
        stays=staying(handoff, items) if stays else [],
        tells_nothing=stays and tells_nothing(handoff, items),
        editor=_editor(handoff) if stays else "",
        reference=participation["reference"] if participation else "",
        sender=sender.name,
        receiver=receiver.name,
        asked=asked,
        missing=_missing(handoff) if stays else (),
        grounds=_grounds(handoff, reached.relation.end),
        orders=_orders(Limits(handoff)) if stays else [],
        remains=_remains(handoff, sender, receiver),
    )


def _asked_of(handoff: Handoff) -> QuerySet[Approval]:
    """Return what was asked to approve of this package, with the names of who asked and who approved."""
    rows = Approval.objects.filter(handoff_id=handoff.pk, version=handoff.package_version)
    return rows.annotate(**beside("asker", "approver")).order_by("-made_at", "-id")


def known_around(page: HandoffPage) -> list[KnownHere] | None:
    """Return whom the own agency knows of those in a report that is being accepted; None where nobody looks."""
    act = acting()
    is_asked = act.action is Action.ACCEPT_HANDOFF and page.end == "receiver" and page.handoff.kind == "concern_report"
    return known_of(page.handoff, act.actor.kind) if is_asked and act.actor.kind in LOOKS_AROUND else None


def _hide_grounds(reached: HandoffInReach) -> None:
    """Leave to the receiver of an ended handoff only that it was, from whom and when."""
    if reached.relation.end == "receiver" and reached.handoff.state in ENDED_STATES:
        for name, nothing in GROUNDS.items():
            setattr(reached.handoff, name, nothing)


def _is_open(reached: HandoffInReach) -> bool:
    return reached.relation.end == "sender" and reached.handoff.state in OPEN_STATES


def _grounds(handoff: Handoff, end: str) -> list[tuple[str, object]]:
    """Return what was stored beside the necessity, in the order of the form."""
    said = [(name, getattr(handoff, name)) for name in GROUNDS if name != "basis" and not name.startswith("why_")]
    found = [(name, value) for name, value in said if value and end == "sender"]
    return found + ([("secrecy", "yes")] if handoff.is_secrecy_pointed_out else [])


def _orders(limits: Limits) -> list[tuple[str, StoredFact, str]]:
    """Return the orders of supervision, as who checks the package must know them."""
    if not limits.orders:
        return []
    found = [(key, order) for key, order in limits.supervised.items() if order is not None]
    who = dict(User.objects.filter(pk__in=[order.made_by_id for _, order in found]).values_list("pk", "full_name"))
    return [(limits.name_of(key), order, who.get(order.made_by_id, "")) for key, order in found]


def _remains(handoff: Handoff, sender: Agency, receiver: Agency) -> tuple[Remains, ...]:
    return remains(
        handoff.kind,
        handoff.state,
        was_delivered=bool(handoff.delivered),
        moved_on=day_of(handoff.moved_at),
        kinds={"sender": AgencyKind(sender.kind), "receiver": AgencyKind(receiver.kind)},
    )


@dataclass(frozen=True)
class PackageChoice:
    """What a prepared handoff may hold: every offer of the record, and the keys of those chosen now."""

    page: HandoffPage
    offers: list[Offer]
    chosen: list[str]
    receiver_kind: str


def package_choice(handoff_id: UUID) -> PackageChoice:
    """Return a prepared handoff to choose its items anew; raises NotNow in any other state."""
    page = see_handoff(handoff_id, Action.PREPARE_HANDOFF)
    handoff = page.handoff
    if handoff.state != WORKFLOWS["handoff"].start:
        raise NotNow(handoff.state, Action.PREPARE_HANDOFF)
    offers = [
        offer
        for offer in offers_of(handoff.case_id, handoff.sender_id)
        if offer.group in GROUPS[handoff.kind] and not offer.withheld
    ]
    kind = Agency.objects.filter(pk=handoff.receiver_id).values_list("kind", flat=True)[0]
    return PackageChoice(page, offers, still_offered(offers, package_items(handoff)), kind)


def _editor(handoff: Handoff) -> str:
    return User.objects.filter(pk=handoff.editor_id).values_list("full_name", flat=True).first() or ""


def package_items(handoff: Handoff) -> list[PackageItem]:
    """Return the items of the current package, as far as the lock shows them."""
    rows = with_news(PackageItem.objects.filter(handoff=handoff, package_version=handoff.package_version))
    return list(rows.order_by("position"))


def _actions(reached: HandoffInReach, asked: list[Approval]) -> tuple[Action, ...]:
    act = acting()
    found = [
        step.action
        for step in WORKFLOWS["handoff"].steps
        if step.source == reached.handoff.state and step.by == reached.relation.end
    ]
    if reached.relation.end == "sender" and reached.handoff.state in OPEN_STATES:
        found += [Action.APPROVE if any(not row.approved_by_id for row in asked) else Action.ASK_APPROVAL]
        found += [Action.PREPARE_HANDOFF] * (reached.handoff.state == WORKFLOWS["handoff"].start)
    if reached.relation.end == "receiver" and reached.handoff.state == "delivered":
        found = [Action.ACCEPT_HANDOFF, *found]  # who accepts has read it: one act says both
    if reached.relation.end == "receiver" and reached.handoff.state in DESK_STATES:
        found += [Action.DECLARE_CONFLICT]
    return tuple(
        action
        for action in found
        if any(decide(role, action, reached.relation, act.moment).allowed for role in act.actor.roles)
    )


def received(after: Key | None = None) -> tuple[list[Handoff], Key | None]:
    """Return what lies on the desk of the acting agency, the acute first, then the oldest: a page from `after`."""
    rows = Handoff.objects.filter(receiver_id=acting().actor.agency_id, state__in=DESK_STATES)
    if after:
        rank, moment, last = after
        same = Q(is_acute=rank == ACUTE) & (Q(moved_at__gt=moment) | Q(moved_at=moment, pk__gt=last))
        rows = rows.filter(same | Q(is_acute=False) if rank == ACUTE else same)
    found = list(rows.select_related("sender").order_by("-is_acute", "moved_at", "pk")[: PAGE + 1])
    record_read("received", Handoff, "", shown=[str(row.pk) for row in found[:PAGE]])
    last_row = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], (ACUTE if last_row.is_acute else LATER, last_row.moved_at, last_row.pk) if last_row else None


def receivers() -> list[Agency]:
    """Return the agencies with which the acting agency has an agreement in force, or shares a controller."""
    actor, today = acting().actor, day_of(acting().moment)
    agreed = SharingAgreement.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        sender_id=actor.agency_id,
        starts_on__lte=today,
        confirmed_at__isnull=False,
    )
    chosen = Q(pk__in=agreed.values("receiver_id")) | Q(controller=actor.controller)
    return list(Agency.objects.filter(chosen, is_active=True).exclude(pk=actor.agency_id).order_by("name"))
