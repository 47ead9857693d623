"""What a page or a look shows, found inside the act that shows it; every answer leaves its read entry."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from audit.models import Entry
from audit.recording import record_read
from casework.access import CaseInReach, HandoffInReach, reach_case, reach_handoff, reach_track
from casework.models import (
    AgencyRecord,
    Approval,
    Case,
    Criterion,
    Deadline,
    Disclosure,
    Handoff,
    Naming,
    Note,
    PackageItem,
    PersonInCase,
    Premises,
    Ruling,
    StepTaken,
    StoredFact,
    Track,
    Visit,
)
from casework.packages import Line, Offer, offers_of, package_lines
from permissions.acting import acting
from permissions.decision import decide, roles_with
from permissions.grid import Cell
from permissions.models import Agency, Membership, SharingAgreement
from permissions.vocabulary import Action
from workflows.calendars import AMSTERDAM
from workflows.tracks import WORKFLOWS, case_state

PAGE = 25
MOST_COUNTED = 1000
SHOWN_NOTES = 50
SHOWN_STEPS = 50


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of the worklist."""

    case_id: UUID
    reference: str
    next_due_at: datetime
    moved_at: datetime
    state: str
    clock: str
    tracks: tuple[tuple[UUID, str, str], ...]


@dataclass(frozen=True, slots=True)
class Worklist:
    """One page of the worklist, and the key at which the next page begins."""

    rows: tuple[WorkRow, ...]
    following: tuple[datetime, UUID] | None


def _worklist_rows() -> QuerySet[Any]:
    """Start from the ruling: the agency's rows for roles that see all of it, one's own namings for the others."""
    act = acting()
    if act.role in roles_with(Action.SEE_CASE, Cell.OWN, Cell.END):
        return Ruling.objects.filter(group_id=act.actor.agency_id or 0, ends_at=None)
    return Naming.objects.filter(user_id=act.actor.person_id, agency_id=act.actor.agency_id, ends_at=None)


def worklist(
    *,
    after: tuple[datetime, UUID] | None = None,
    due_from: datetime | None = None,
    due_until: datetime | None = None,
) -> Worklist:
    """Return open cases, the nearest deadline first, a page from `after`, within a span of deadlines."""
    query = _worklist_rows().filter(is_open=True)
    if due_from:
        query = query.filter(next_due_at__gte=due_from)
    if due_until:
        query = query.filter(next_due_at__lt=due_until)
    if after:
        moment, case_id = after
        query = query.filter(next_due_at__gte=moment).filter(
            Q(next_due_at__gt=moment) | Q(content_object_id__gt=case_id),
        )
    found = list(query.order_by("next_due_at", "content_object_id")[: PAGE + 1])
    rows, more = found[:PAGE], len(found) > PAGE
    answer = _describe(rows)
    record_read("worklist", Case, "", shown=[str(row.case_id) for row in answer])
    last = rows[-1] if rows else None
    return Worklist(tuple(answer), (last.next_due_at, last.content_object_id) if more and last else None)


def _describe(rows: list[Any]) -> list[WorkRow]:
    ids = [row.content_object_id for row in rows]
    agency_id = acting().actor.agency_id
    tracks: dict[UUID, list[Track]] = {}
    for track in Track.objects.filter(case_id__in=ids, agency_id=agency_id).order_by("made_at"):
        tracks.setdefault(track.case_id, []).append(track)
    ends: dict[UUID, list[tuple[str, str]]] = {}
    for handoff in Handoff.objects.filter(case_id__in=ids).only("case_id", "sender_id", "state"):
        end = "sender" if handoff.sender_id == agency_id else "receiver"
        ends.setdefault(handoff.case_id, []).append((end, handoff.state))
    clocks: dict[UUID, str] = {}
    for row in Deadline.objects.filter(case_id__in=ids, agency_id=agency_id, met_at=None).order_by("-due_at"):
        clocks[row.case_id] = row.clock
    return [
        WorkRow(
            case_id=row.content_object_id,
            reference=row.reference,
            next_due_at=row.next_due_at,
            moved_at=row.moved_at,
            state=case_state(
                [(t.kind, t.state) for t in tracks.get(row.content_object_id, ())],
                ends.get(row.content_object_id, []),
            ),
            clock=clocks.get(row.content_object_id, ""),
            tracks=tuple((t.pk, t.kind, t.state) for t in tracks.get(row.content_object_id, ())),
        )
        for row in rows
    ]


def worklist_counts(marks: list[datetime]) -> list[int]:
    """Count open cases up to each moment, at most MOST_COUNTED, in one statement."""
    counts = [0] * len(marks)
    dues = _worklist_rows().filter(is_open=True).order_by("next_due_at").values_list("next_due_at", flat=True)
    for due_at in dues[: MOST_COUNTED + 1]:
        for place, mark in enumerate(marks):
            counts[place] += due_at < mark
    return counts


@dataclass(frozen=True, slots=True)
class TrackView:
    """A track as its owner sees it, with the actions that this person may try in this state."""

    track: Track
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class CasePage:
    """What one person sees of one case."""

    case_id: UUID
    reference: str
    state: str
    tracks: list[TrackView]
    handoffs: list[Handoff]
    deadlines: list[Deadline]
    steps: list[StepTaken]
    sections: dict[str, list[Model]] = field(default_factory=dict)
    ledger: list[Disclosure] = field(default_factory=list)


SECTIONS: dict[str, type[Model]] = {
    "record": AgencyRecord,
    "people": PersonInCase,
    "premises": Premises,
    "notes": Note,
    "visits": Visit,
    "facts": StoredFact,
    "triage": Criterion,
    "approvals": Approval,
}


def case_shell(case_id: UUID, action: Action = Action.SEE_CASE) -> CasePage:
    """Return what see_case shows: tracks, handoffs, terms and the timeline, and nothing of the record."""
    reached = reach_case(case_id, action)
    agency_id = acting().actor.agency_id
    tracks = list(Track.objects.filter(case_id=case_id, agency_id=agency_id).order_by("made_at"))
    handoffs = list(
        Handoff.objects.filter(case_id=case_id).select_related("sender", "receiver").order_by("-made_at"),
    )
    ends = [("sender" if h.sender_id == agency_id else "receiver", h.state) for h in handoffs]
    return CasePage(
        case_id=case_id,
        reference=reached.reference,
        state=case_state([(track.kind, track.state) for track in tracks], ends),
        tracks=[TrackView(track, actions_on(track, reached)) for track in tracks],
        handoffs=handoffs,
        deadlines=list(Deadline.objects.filter(case_id=case_id, agency_id=agency_id, met_at=None).order_by("due_at")),
        steps=list(StepTaken.objects.filter(case_id=case_id).order_by("-made_at", "-id")[:SHOWN_STEPS]),
    )


def actions_on(track: Track, reached: CaseInReach) -> tuple[Action, ...]:
    """Return the steps that the table has from this state and that some role of this person may take."""
    return tuple(
        action
        for action in WORKFLOWS[track.kind].actions_from(track.state)
        if any(decide(role, action, reached.relation, acting().moment).allowed for role in acting().actor.roles)
    )


def see_case(case_id: UUID) -> CasePage:
    """Return the shell as see_case shows it, and record the look."""
    page = case_shell(case_id)
    record_read(
        "see_case",
        Case,
        case_id,
        case=case_id,
        record_agency=acting().actor.agency_id,
        shown=[f"track.{view.track.kind}" for view in page.tracks],
    )
    return page


def read_record(case_id: UUID) -> CasePage:
    """Return the case with the acting agency's own record, and record which parts were shown."""
    page = case_shell(case_id, Action.READ_RECORD)
    agency_id = acting().actor.agency_id
    own = {"case_id": case_id, "agency_id": agency_id}
    for name, model in SECTIONS.items():
        query = model._default_manager.filter(**own)  # noqa: SLF001 - the guarded manager of each model
        page.sections[name] = list(query.order_by("-made_at", "-id")[:SHOWN_NOTES])
    page.ledger.extend(Disclosure.objects.filter(**own).select_related("receiver").order_by("-disclosed_at"))
    basis = next((row.basis for row in page.sections["record"] if isinstance(row, AgencyRecord)), "")
    shown = [name for name, rows in page.sections.items() if rows]
    record_read("read_record", Case, case_id, case=case_id, record_agency=agency_id, basis=basis, shown=shown)
    return page


@dataclass(frozen=True)
class HandoffPage:
    """A handoff as one end sees it."""

    handoff: Handoff
    end: str
    lines: list[Line]
    actions: tuple[Action, ...]
    answers: list[StoredFact]
    reference: str


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
    answers = list(StoredFact.objects.filter(handoff_id=handoff_id).order_by("-made_at")[:10])
    ruling = Ruling.objects.filter(content_object_id=handoff.case_id).values("reference").first()
    return HandoffPage(
        handoff,
        reached.relation.end,
        package_lines(items),
        handoff_actions(reached),
        answers,
        ruling["reference"] if ruling else "",
    )


def package_items(handoff: Handoff) -> list[PackageItem]:
    """Return the items of the current package, as far as the lock shows them."""
    return list(PackageItem.objects.filter(handoff=handoff, package=handoff.package).order_by("position"))


def handoff_actions(reached: HandoffInReach) -> tuple[Action, ...]:
    """Return the steps that this end may take now."""
    workflow = WORKFLOWS["handoff"]
    return tuple(
        step.action
        for step in workflow.steps
        if step.source == reached.handoff.state
        and step.by == reached.relation.end
        and any(decide(role, step.action, reached.relation, acting().moment).allowed for role in acting().actor.roles)
    )


def track_for(track_id: UUID, action: Action) -> Track:
    """Return a track for the page of an action on it."""
    reached = reach_track(track_id, action, lock=False)
    record_read(
        action,
        Track,
        track_id,
        case=reached.track.case_id,
        record_agency=reached.track.agency_id,
        shown=["track"],
    )
    return reached.track


def offers_for(case_id: UUID) -> list[Offer]:
    """Return what of the own record could go into a package."""
    reach_case(case_id, Action.PREPARE_HANDOFF)
    offers = offers_of(case_id, acting().actor.agency_id)
    shown = {offer.group for offer in offers}
    record_read("offers", Case, case_id, case=case_id, record_agency=acting().actor.agency_id, shown=shown)
    return offers


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


def colleagues() -> list[Membership]:
    """Return the running memberships of the acting agency."""
    act = acting()
    rows = Membership.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=act.moment),
        agency_id=act.actor.agency_id,
        starts_at__lte=act.moment,
    )
    return list(rows.select_related("user").order_by("user__full_name"))


def case_log(case_id: UUID, since: datetime | None = None) -> list[Entry]:
    """Return who saw and did what in a case, for whoever may see its log; the look is an entry too."""
    query = Entry.objects.filter(case_id=case_id).select_related("actor")
    if since:
        query = query.filter(occurred_at__gte=since)
    found = list(query.order_by("-id")[:500])
    record_read(acting().action, Entry, case_id, case=case_id, shown=["entries"])
    return found


def entries_seen(case_id: UUID | None = None) -> list[Entry]:
    """Return the entries that the acting auditor may see: those of the agency's people and of its records."""
    query = Entry.objects.select_related("actor")
    if case_id:
        query = query.filter(case_id=case_id)
    found = list(query.order_by("-id")[:MOST_COUNTED])
    record_read("see_access_log", Entry, case_id or "", case=case_id, shown=["entries"])
    return found


def case_by_reference(reference: str) -> UUID | None:
    """Return the case that the acting agency knows by this reference, from the trail's own point of view."""
    row = Ruling.objects.filter(group_id=acting().actor.agency_id or 0, reference=reference).first()
    return row.content_object_id if row else None


def follow_ups(today: date, after: tuple[datetime, UUID] | None = None) -> list[Deadline]:
    """Return the follow-up work of the acting agency that is open, the most overdue first."""
    act = acting()
    clocks = ("WELFARE_CALL", "WARNED", "FOLLOW_UP", "HELP_REVIEW", "MONITORING")
    named = Naming.objects.filter(user_id=act.actor.person_id, agency_id=act.actor.agency_id, ends_at=None)
    query = Deadline.objects.filter(agency_id=act.actor.agency_id, met_at=None, clock__in=clocks)
    if act.role not in roles_with(Action.SEE_CASE, Cell.OWN):
        query = query.filter(case_id__in=named.values("content_object_id"))
    if after:
        query = query.filter(due_at__gte=after[0]).filter(Q(due_at__gt=after[0]) | Q(id__gt=after[1]))
    found = list(query.order_by("due_at", "id")[:PAGE])
    record_read("follow_ups", Deadline, "", shown=[str(row.case_id) for row in found] + [today.isoformat()])
    return found
