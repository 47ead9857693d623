"""Acts on a handoff: choosing and freezing items, sending, and what each end answers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef

from casework.access import HandoffInReach, reach_case, reach_handoff, within_reach
from casework.actions import news, radar, records_write, regimes
from casework.actions.delivering import hold_back
from casework.actions.handlers import carries_out
from casework.actions.handoff_steps import move_handoff
from casework.actions.intents import intend
from casework.actions.request import ActionRequest, ActionResult
from casework.actions.track_steps import begin_track, own_record
from casework.facts.consents import Consents
from casework.facts.handoff import WORKFLOW, HandoffFacts
from casework.facts.helped import asked_for, only_child
from casework.facts.lookups import known_of
from casework.input.codes import HELPING
from casework.input.package_parts import ANSWERS, GROUNDS
from casework.input.read import Malformed, Values
from casework.lock import grants
from casework.models import (
    AgencyRecord,
    Handoff,
    Note,
    PackageItem,
    PersonInCase,
    Premises,
    Track,
)
from casework.packages.items import (
    ADDRESS,
    as_recorded_now,
    choose,
    named_in,
    note_from,
    offers_of,
    person_from,
    successors_of,
    thaw,
    unknown_choices,
    without_withheld,
)
from casework.terms import informing
from casework.terms.deadlines import check_acute_anew, term_of, update_handoff_clocks
from permissions.acting import acting
from permissions.bases import GROUPS, WITHOUT_PERSONAL_DATA
from permissions.models import Agency
from permissions.vocabulary import Action, AgencyKind
from workflows.calendars import day_of
from workflows.causes import Cause
from workflows.table import NotNow
from workflows.tracks import OVER, TRACKS, assigns_doer, beginnings_on

UNREAD = ("delivered", Action.ACCEPT_HANDOFF)
"""Who accepts what nobody acknowledged does both in one act: two steps, two entries (docs/law.md section 1)."""
SENDING_TRACKS = {
    "referral": ("warning", "safety", "victim", "help"),
    "concern_report": ("warning", "help", "victim", "safety"),
    "transfer": ("safety",),
    "help": ("help",),
    "victim": ("victim",),
}
"""Of which track a handoff of this kind is, where the sender has one open; the first that fits."""


@carries_out(Action.PREPARE_HANDOFF)
def prepare_handoff(request: ActionRequest) -> ActionResult:
    """Prepare a handoff from a case or track, or, given a handoff that is still prepared, choose its items anew."""
    if not request.inputs.get("package"):
        raise Malformed("package", "kind", "required")
    values = request.inputs["package"][0]
    if Handoff.objects.filter(pk=within_reach("handoff", request.target)).exists():
        return _edit(request, values)
    track = Track.objects.filter(pk=within_reach("track", request.target), agency_id=request.act.actor.agency_id).first()
    case_id = track.case_id if track else request.target
    reach_case(case_id)
    handoff = make_handoff(case_id, values, track)
    return ActionResult(case_id, handoff.pk, {"handoff": handoff.pk})


def make_handoff(case_id: UUID, values: Values, track: Track | None) -> Handoff:
    """Make a prepared handoff with its items; all that its kind carries, where none were chosen."""
    handoff = _new_handoff(case_id, values, track or _sending_track(case_id, values["kind"]))
    handoff.save(force_insert=True)
    _freeze_items(handoff, values.get("items"))
    update_handoff_clocks(handoff, handoff.state)
    return handoff


def _new_handoff(case_id: UUID, values: Values, track: Track | None) -> Handoff:
    act = acting()
    receiver = Agency.objects.filter(pk=values["receiver"]).first()
    if receiver is None or receiver.kind in WITHOUT_PERSONAL_DATA or receiver.pk == act.actor.agency_id:
        raise Malformed("package", "receiver", "no_such_receiver")
    record = AgencyRecord.objects.filter(case_id=case_id).first()
    handoff = Handoff(
        id=act.made_id("handoff"),
        case_id=case_id,
        sender_id=act.actor.agency_id,
        receiver=receiver,
        kind=values["kind"],
        state=WORKFLOW.start,
        track_id=track.pk if track else None,
        wpg_article=record.wpg_article if record else "",
        editor_id=act.actor.person_id,
        made_at=act.moment,
        moved_at=act.moment,
    )
    _fill(handoff, values)
    return handoff


def _fill(handoff: Handoff, values: Values) -> None:
    for name, nothing in GROUNDS.items():
        setattr(handoff, name, values.get(name, nothing))
    for name, column in ANSWERS.items():
        setattr(handoff, column, values.get(name, False))


def _sending_track(case_id: UUID, kind: str) -> Track | None:
    rows = list(Track.objects.filter(case_id=case_id, agency_id=acting().actor.agency_id).order_by("-made_at"))
    for wanted in SENDING_TRACKS[kind]:
        for track in rows:
            if track.kind == wanted and track.state not in TRACKS[wanted].final:
                return track
    return None


def _edit(request: ActionRequest, values: Values) -> ActionResult:
    reached = reach_handoff(request.target, version=request.version)
    handoff = reached.handoff
    if reached.relation.end != "sender":
        raise NotNow(handoff.state, request.act.action, Cause.OTHER_END)
    if handoff.state != WORKFLOW.start:
        raise NotNow(handoff.state, request.act.action)
    if (values["receiver"], values["kind"]) != (handoff.receiver_id, handoff.kind):
        raise Malformed("package", "receiver", "receiver_stays")
    _fill(handoff, values)
    handoff.is_outdated = False
    handoff.package_version += 1
    handoff.version += 1
    handoff.editor_id = request.act.actor.person_id
    handoff.moved_at = request.act.moment
    handoff.save(force_update=True)
    _freeze_items(handoff, values["items"])
    return ActionResult(handoff.case_id, handoff.pk)


def _freeze_items(handoff: Handoff, chosen: Sequence[str] | None) -> None:
    """Store the chosen items by value: a later edit of the record does not reach them."""
    offers = offers_of(handoff.case_id, acting().actor.agency_id)
    chosen = [offer.group for offer in offers if offer.group in GROUPS[handoff.kind]] if chosen is None else chosen
    if unknown := unknown_choices(offers, chosen):
        raise Malformed("package", "items", "no_such_item", unknown[0])
    act = acting()
    rows = [
        PackageItem(
            id=act.made_id("item", handoff.pk, handoff.package_version, place),
            handoff=handoff,
            case_id=handoff.case_id,
            sender_id=handoff.sender_id,
            package_version=handoff.package_version,
            position=place,
            group=offer.group,
            label=offer.label,
            value=offer.value,
            about_id=offer.about_id,
            origin_id=offer.origin_id,
            origin_made_at=offer.origin_made_at,
        )
        for place, offer in enumerate(choose(offers, chosen, handoff.track_id))
    ]
    if unfit := sorted({row.group for row in rows} - set(GROUPS[handoff.kind])):
        raise Malformed("package", "items", "not_in_this_kind", " ".join(unfit))
    PackageItem.objects.bulk_create(rows)


def _step(request: ActionRequest) -> tuple[HandoffInReach, Handoff]:
    """Reach the handoff, check its version, store what came along, and move it by the table; the law says who is named."""
    names = request.act.actor.person_id if assigns_doer(request.act.action) else None
    reached = reach_handoff(request.target, version=request.version)
    handoff = reached.handoff
    if (handoff.state, request.act.action) == UNREAD:
        move_handoff(handoff, Action.ACKNOWLEDGE_HANDOFF, (), names=names)
    row = WORKFLOW.row(handoff.state, request.act.action)
    if row.by not in {reached.relation.end, "courier", "scheduler"}:
        raise NotNow(handoff.state, request.act.action, Cause.OTHER_END)
    if names and request.inputs:
        grants.name_person(handoff.case_id, names)  # what this act stores is stored by somebody named on the case
    stored = set(records_write.store_facts(handoff.case_id, request.inputs, handoff=handoff))
    stored -= _not_yet_true(request)
    found = HandoffFacts(handoff, stored)
    facts = found.hold(row.needs)
    if "legal_basis" in row.needs:
        handoff.consents = found.limits.consents
    if request.act.action is Action.CHECK_HANDOFF:
        handoff.orders = found.limits.orders
    if request.act.action is Action.REWORK_HANDOFF:
        handoff.package_version += 1
        handoff.is_outdated = False
        handoff.editor_id = request.act.actor.person_id
    if request.act.action is Action.DELIVER_HANDOFF:
        handoff.delivered = [*handoff.delivered, handoff.package_version]
    move_handoff(handoff, request.act.action, facts, names=names)
    return reached, handoff


def _not_yet_true(request: ActionRequest) -> set[str]:
    today = HandoffFacts(Handoff()).today
    late = any(values["date"] > today for values in request.inputs.get("start_date", ()))
    return {"start_date"} if late else set()


@carries_out(
    Action.CHECK_HANDOFF,
    Action.SEND_HANDOFF,
    Action.WITHDRAW_HANDOFF,
    Action.REFUSE_HANDOFF,
    Action.RETURN_HANDOFF,
    Action.START_WORK,
    Action.EXPIRE_HANDOFF,
)
def step_handoff(request: ActionRequest) -> ActionResult:
    """Check, send, withdraw, refuse, return or start: a step that moves the handoff and nothing else."""
    _, handoff = _step(request)
    return ActionResult(handoff.case_id, handoff.pk)


@carries_out(Action.REWORK_HANDOFF)
def rework_handoff(request: ActionRequest) -> ActionResult:
    """Take a handoff back into preparation: a new version of the package, with the same items until others are chosen.

    The items are copied as they were frozen, but what was corrected since is taken as it is now: nobody sends on what is
    known to be wrong. What has become secret since is left out, and the page lists it among what does not go.
    """
    _, handoff = _step(request)
    before = PackageItem.objects.filter(handoff=handoff, package_version=handoff.package_version - 1).order_by("position")
    offers = offers_of(handoff.case_id, handoff.sender_id)
    rows = without_withheld(offers, list(before))
    rows = as_recorded_now(offers, rows, successors_of(handoff.case_id, handoff.sender_id))
    for row in rows:
        row.id = request.act.made_id("item", handoff.pk, handoff.package_version, row.position)
        row.package_version = handoff.package_version
    PackageItem.objects.bulk_create(rows)
    return ActionResult(handoff.case_id, handoff.pk)


@carries_out(Action.ACKNOWLEDGE_HANDOFF)
def acknowledge_handoff(request: ActionRequest) -> ActionResult:
    """Say that the package was read; who does is named on the case."""
    _, handoff = _step(request)
    return ActionResult(handoff.case_id, handoff.pk)


@carries_out(Action.ACCEPT_HANDOFF)
def accept_handoff(request: ActionRequest) -> ActionResult:
    """Take the package over into a record of one's own, each item with its provenance, and begin what it asks.

    A report about somebody who is known is joined to their household or not, as whoever accepts it says.
    """
    _, handoff = _step(request)
    kind = AgencyKind(handoff.receiver_kind)  # type: ignore[attr-defined]
    people = take_over(handoff, kind)
    made = {"case": handoff.case_id}
    begun = _begun(handoff)
    running = {track.kind for track in begun if track.state not in OVER[track.kind] or _is_taken_back(track)}
    for beginning in beginnings_on(Action.ACCEPT_HANDOFF, handoff.kind):
        if beginning.track not in running and (not beginning.agencies or kind in beginning.agencies):
            track = _begin_from(handoff, beginning.track, Action.ACCEPT_HANDOFF, people, begun)
            made[beginning.track] = track.pk
    if request.inputs.get("known_here"):
        radar.join(request, handoff.case_id, known_of(handoff, kind))
    return ActionResult(handoff.case_id, handoff.pk, made)


def _is_taken_back(track: Track) -> bool:
    """Whether the consent to this help was taken back here: asking for the help again brings no new consent."""
    if track.kind not in HELPING:
        return False
    consents = Consents(track.case_id, track.agency_id, day_of(acting().moment))
    return consents.took_back(track.subject_id) if track.subject_id else bool(consents.withdrawn)


def _begun(handoff: Handoff) -> list[Track]:
    """Return the tracks that earlier deliveries of a handoff began, latest first; none where it came once."""
    if len(handoff.delivered) <= 1:
        return []
    mine = Track.objects.filter(began_by_handoff_id=handoff.pk, agency_id=handoff.receiver_id)
    return list(mine.order_by("-made_at", "-id"))


def _begin_from(
    handoff: Handoff, track: str, action: Action, people: Sequence[PersonInCase], begun: Sequence[Track]
) -> Track:
    wanted = "possible_victim" if track == "victim" else "subject"
    subject = asked_for(handoff, grants.helped_in(handoff.pk)) if handoff.kind in HELPING else None
    subject = subject or next((person for person in people if person.role == wanted), None)
    if subject is None and track == "help":
        subject = only_child(people)
    earlier = next((one.subject_id for one in begun if one.kind == track), None)
    kind = AgencyKind(handoff.receiver_kind)  # type: ignore[attr-defined]
    return begin_track(
        handoff.case_id,
        track,
        action,
        handoff_kind=handoff.kind,
        subject_id=subject.pk if subject else earlier,
        basis=regimes.first_basis(kind),
        handoff_id=handoff.pk,
    )


def take_over(handoff: Handoff, kind: AgencyKind) -> list[PersonInCase]:
    """Copy the items of a package into the receiver's own record; what was taken over before stays as it is."""
    own_record(handoff.case_id, kind, handoff_id=handoff.pk)
    mine = {"from_item_id": OuterRef("pk"), "agency_id": handoff.receiver_id}
    taken = Exists(PersonInCase.objects.filter(**mine)) | Exists(Premises.objects.filter(**mine))
    items = list(
        PackageItem.objects.filter(handoff=handoff)
        .annotate(is_taken=taken | Exists(Note.objects.filter(**mine)))
        .order_by("package_version", "position"),
    )
    _count_contacts(items)
    known = {(item.origin_id, item.value) for item in items if item.is_taken}
    new = [item for item in items if item.package_version == handoff.package_version and not item.is_taken]
    again = {item.origin_id for item in new if (item.origin_id, item.value) in known}
    earlier = [item.pk for item in items if item.is_taken and item.origin_id in again]
    people = PersonInCase.objects.filter(from_item_id__in=earlier, agency_id=handoff.receiver_id)
    informing.owe_information(handoff.case_id, list(people))
    left = [item for item in new if (item.origin_id, item.value) not in known]
    return copy_items(handoff.case_id, left, named_in(items))


def _count_contacts(items: Sequence[PackageItem]) -> None:
    """Mark the contacts that were taken over on the person to whom they belong."""
    people = {(item.package_version, item.origin_id) for item in items if item.group == "identity" and item.is_taken}  # type: ignore[attr-defined]
    for item in items:
        if item.group == "contact" and (item.package_version, item.origin_id) in people:
            item.is_taken = True  # type: ignore[attr-defined]


def copy_items(case_id: UUID, items: Sequence[PackageItem], names: Mapping[UUID, str]) -> list[PersonInCase]:
    """Make rows of the acting agency from items: people with their contact, addresses, and the rest as notes.

    Each row says from which item it came; `names` are the people by whose name a note says whom it is about.
    """
    people = [item for item in items if item.group == "identity"]
    places = [item for item in items if item.group == "household"]
    whose = {item.origin_id for item in people}
    contacts = {item.origin_id: thaw(item.value) for item in items if item.group == "contact" and item.origin_id in whose}
    others = [item for item in items if item.group not in {"identity", "household"}]
    others = [item for item in others if item.group != "contact" or item.origin_id not in whose]
    home = records_write.store_premises(case_id, [_address(item) for item in places], [item.pk for item in places])
    rows = [{**person_from(item), **contacts.get(item.origin_id, {})} for item in people]
    made = records_write.store_people(case_id, rows, [item.pk for item in people], home)
    records_write.store_notes(case_id, [note_from(item, names) for item in others], [item.pk for item in others])
    return made


def _address(item: PackageItem) -> Values:
    values = thaw(item.value)
    return {name: values.get(name, "") for name in ADDRESS}


@carries_out(Action.DELIVER_HANDOFF)
def deliver_handoff(request: ActionRequest) -> ActionResult:
    """Deliver: the receiver takes part, the ledger gets its line, and a concern report begins its safety track.

    One that comes again begins none while that track runs, and a new one where it has ended: its clocks run again.
    """
    if ended := hold_back(request):
        return ended
    _, handoff = _step(request)
    grants.receive(handoff.pk)
    made = {"case": handoff.case_id}
    kind = AgencyKind(handoff.receiver_kind)  # type: ignore[attr-defined]
    first, begun = len(handoff.delivered) == 1, _begun(handoff)
    running = [one for one in begun if one.state not in OVER[one.kind]]
    is_removed = any(one.state == "advice_given" for one in begun)
    for beginning in beginnings_on(Action.DELIVER_HANDOFF, handoff.kind):
        if not running and kind in beginning.agencies:
            # What comes again is taken over when it is accepted; where nothing is left of the record, here and now.
            people = take_over(handoff, kind) if first or is_removed else []
            track = _begin_from(handoff, beginning.track, Action.DELIVER_HANDOFF, people, begun)
            made[beginning.track] = track.pk
    key = f"expire_handoff:{handoff.pk}:{handoff.version}"
    if not first:
        news.deliver_pending(handoff)
        if handoff.is_acute:
            check_acute_anew(handoff)
    due_at = term_of("HANDOFF_EXPIRY")
    intend("expire_handoff", key, agency_id=handoff.sender_id, about_id=handoff.pk, due_at=due_at)
    return ActionResult(handoff.case_id, handoff.pk, made)
