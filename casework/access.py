"""The one door to the records: fetch through the scope, then ask the law; hidden and absent take the same path."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
)
from django.db.models.functions import JSONObject

from casework.facts.first_steps import check_version
from casework.models import Assignment, Deadline, DecreedDay, Emergency, Handoff, Participation, Track
from casework.models.json_rows import read_row, same_columns
from casework.terms.decreed import remember_decreed
from permissions.acting import Acting, acting
from permissions.decision import BREAKS_GLASS, Missing, Refused, Relation, decide, roles_with
from permissions.grid import Cell
from permissions.prepared import Prepared, Slot, value_of
from permissions.vocabulary import Action
from workflows.clocks import OF_THE_CASE


@dataclass(frozen=True, slots=True)
class RunningEmergency:
    """An emergency that opens a case for reading, and until when it runs."""

    id: UUID
    reference: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CaseInReach:
    """A case as the acting agency has it: its reference and how the actor stands to it."""

    case_id: UUID
    reference: str
    is_open: bool
    relation: Relation
    agency_id: int
    """Whose part of the case this is: the acting agency's own, but in an emergency."""
    emergency: RunningEmergency | None = None
    """The running emergency that opens the case, if one does."""


class _Asked(Func):
    """A function that is called once for a statement, not once for a row."""

    template = "(SELECT %(function)s(%(expressions)s))"


def within_reach(kind: str, key: UUID | Slot) -> Func:
    """Return an expression for SQL: this id where it is within reach of the acting person, NULL where it is not.

    Every look by an id that came from outside goes through it: hidden and absent cost the same from here on
    (casework/sql/reach_case.sql). The row policies still decide what is shown.
    """
    return _Asked(value_of(key, UUIDField()), function=f"lock.reach_{kind}", output_field=UUIDField())


def _own_assignments(act: Acting) -> QuerySet[Assignment]:
    """Return the assignments of the acting person that run now."""
    mine = {"user_id": act.actor.person_id, "agency_id": act.actor.agency_id}
    return Assignment.objects.running(act.moment).filter(**mine)


def _running_assignment(act: Acting, case: str) -> Exists | Func:
    """Ask whether the acting person is named; an act that changes something holds the assignment until it is done.

    Taking the person off the case at the same moment either waits for this act, or came first and is seen by it.
    """
    if act.writes:
        return Func(F(case), function="lock.holds_assignment", output_field=BooleanField())
    return Exists(_own_assignments(act).filter(content_object_id=OuterRef(case)))


def allow(relation: Relation, action: Action | None = None) -> None:
    """Ask the law for the running act, or another action by the same person; raises Refused."""
    act = acting()
    decision = decide(act.role, action or act.action, relation, act.moment)
    if not decision.allowed:
        raise Refused(decision.reason)


def named_cases() -> QuerySet[Assignment, UUID]:
    """Return the cases on which the acting person is named now."""
    return _own_assignments(acting()).values_list("content_object_id", flat=True)


def oversees_named_cases_only() -> bool:
    """Whether the acting role sees the log of the cases on which it is named alone, as an external auditor does."""
    return acting().role in roles_with(Action.SEE_ACCESS_LOG, Cell.NAMED)


def allow_oversight(case_id: UUID | None = None) -> None:
    """Ask the law for an act over the log of one case, or over all that the person may see; raises Refused."""
    allow(oversight_of(case_id))


def oversight_of(case_id: UUID | None = None) -> Relation:
    """Return how the acting person stands to the log of one case, or to all of the log that they may see."""
    rows = named_cases().filter(content_object_id=case_id) if case_id else named_cases()
    return Relation(same_agency=True, named=oversees_named_cases_only() and rows.exists())


def stands_to_emergency(row: Emergency) -> Relation:
    """Return how one stands to an emergency: `named` is its user, `own` whose case it is (docs/law.md section 4)."""
    act = acting()
    is_own = row.agency_id == act.actor.agency_id
    is_user = row.user_id == act.actor.person_id and row.asker_agency_id == act.actor.agency_id
    return Relation(in_case=is_own, named=is_user, same_agency=is_own)


def reach_case(case_id: UUID, action: Action | None = None) -> CaseInReach:
    """Return the case of this id within reach of the acting person; raises Missing or Refused."""
    found = find_case(case_id)
    allow(found.relation, action)
    return found


def _case(case: UUID) -> QuerySet[Participation]:
    act = acting()
    mine = Q(group_id=act.actor.agency)
    whose = mine | Q(emergency__isnull=False) if act.action in BREAKS_GLASS else mine
    return (
        Participation.objects.filter(content_object_id=within_reach("case", case))
        .annotate(
            is_named=_running_assignment(act, "content_object_id"),
            is_end=Exists(Handoff.objects.filter(case_id=OuterRef("content_object_id"))),
            emergency=_running_emergency(act),
        )
        .filter(whose)
        .annotate(is_mine=ExpressionWrapper(mine, BooleanField()))
        .order_by("-is_mine", "-starts_at")
    )


_CASE: Prepared[Any] = Prepared(_case)


def find_case(case_id: UUID) -> CaseInReach:
    """Return the case of this id, and how the acting person stands to it; raises Missing where it is out of reach."""
    row = _CASE.first(case=case_id)
    if row is None:
        raise Missing("case")
    relation = Relation(
        in_case=row.is_mine and row.keeps,
        named=row.is_mine and row.is_named,
        same_agency=row.is_mine,
        emergency=row.emergency is not None,
        ends_of=frozenset({("receiver", "delivered")} if row.is_mine and row.is_end else ()),
    )
    emergency = None if relation.named or row.emergency is None else read_row(RunningEmergency, row.emergency)
    return CaseInReach(case_id, row.reference, row.is_open, relation, row.group_id, emergency)


def own_emergencies(act: Acting) -> QuerySet[Emergency]:
    """Return the emergencies of the acting person that run now."""
    return Emergency.objects.filter(
        user_id=act.actor.person_id,
        asker_agency_id=act.actor.agency_id,
        ended_at=None,
        starts_at__lte=act.moment,
        ends_at__gt=act.moment,
    )


def _running_emergency(act: Acting) -> Subquery:
    """Return the emergency that lets the acting person read an agency's part of a case now."""
    rows = own_emergencies(act).filter(case_id=OuterRef("content_object_id"), agency_id=OuterRef("group_id"))
    said = same_columns(RunningEmergency)
    return Subquery(rows.order_by("-ends_at").values(said=said)[:1])


@dataclass(frozen=True, slots=True)
class TrackInReach:
    """A track with what is needed to move it, found in one statement."""

    track: Track
    relation: Relation
    running: frozenset[str]
    helps: tuple["HelpTrack", ...]
    """The help tracks of the same agency in the same case."""


class HelpTrack(NamedTuple):
    """A help track beside the one that is moved: whom it helps, and how far it is."""

    id: UUID
    subject_id: UUID | None
    state: str


def _track(lock: bool, *, track: UUID) -> QuerySet[Track]:  # noqa: FBT001 - the shape of a query
    act = acting()
    once = Q(clock__in=OF_THE_CASE, case_id=OuterRef("case_id"), agency_id=OuterRef("agency_id"))
    running = Deadline.objects.filter(Q(track_id=OuterRef("pk")) | once, met_at=None).values("clock")
    query = Track.objects.annotate(
        is_named=_running_assignment(act, "case_id"),
        running=ArraySubquery(running),
        decreed=ArraySubquery(DecreedDay.objects.values("day")),
        helps=ArraySubquery(
            Track.objects.filter(case_id=OuterRef("case_id"), agency_id=OuterRef("agency_id"), kind="help").values(
                row=JSONObject(id="id", subject_id="subject_id", state="state"),
            ),
        ),
    ).filter(pk=within_reach("track", track), agency_id=act.actor.agency_id)
    return query.select_for_update(of=("self",), no_key=True) if lock else query


_TRACK: Prepared[Any] = Prepared(_track)


def reach_track(
    track_id: UUID, action: Action | None = None, *, lock: bool = True, version: int | None = None
) -> TrackInReach:
    """Return the track of this id within reach, locked for this act; raises Missing or Refused.

    `version` is the one that the person saw: raises Stale where somebody moved the track since, before anything else.
    """
    found = find_track(track_id, lock=lock)
    moved = partial(check_version, found.track.version, version, track_id=found.track.pk)
    _allow_or_stale(found.relation, action, Action.SEE_CASE, moved)
    return found


def find_track(track_id: UUID, *, lock: bool) -> TrackInReach:
    """Return the track of this id, and how the acting person stands to it; raises Missing where it is out of reach."""
    track = _TRACK.first(lock, track=track_id)
    if track is None:
        raise Missing("track")
    relation = Relation(in_case=True, named=track.is_named, owner=True)  # a track of another agency is not found
    remember_decreed(track.decreed)
    helps = (HelpTrack(UUID(x["id"]), x["subject_id"] and UUID(x["subject_id"]), x["state"]) for x in track.helps)
    return TrackInReach(track, relation, frozenset(track.running), tuple(helps))


@dataclass(frozen=True, slots=True)
class HandoffInReach:
    """A handoff, and at which end of it the actor stands."""

    handoff: Handoff
    relation: Relation


def reach_handoff(
    handoff_id: UUID, action: Action | None = None, *, lock: bool = True, version: int | None = None
) -> HandoffInReach:
    """Return the handoff of this id within reach, locked for this act; raises Missing or Refused.

    `version` is the one that the person saw: raises Stale where somebody moved the handoff since, before anything else.
    """
    found = find_handoff(handoff_id, lock=lock)
    handoff = found.handoff
    moved = partial(check_version, handoff.version, version, handoff_id=handoff.pk)
    _allow_or_stale(found.relation, action, Action.SEE_HANDOFF, moved)
    return found


def find_handoff(handoff_id: UUID, *, lock: bool) -> HandoffInReach:
    """Return the handoff of this id, and at which end the actor stands; raises Missing where it is out of reach."""
    handoff = _HANDOFF.first(lock, handoff=handoff_id)
    if handoff is None:
        raise Missing("handoff")
    end = "sender" if handoff.sender_id == acting().actor.agency_id else "receiver"
    relation = Relation(in_case=True, named=handoff.is_named, end=end, state=handoff.state, same_agency=True)
    remember_decreed(handoff.decreed)
    return HandoffInReach(handoff, relation)


def _handoff(lock: bool, *, handoff: UUID) -> QuerySet[Handoff]:  # noqa: FBT001 - the shape of a query
    query = Handoff.objects.filter(pk=within_reach("handoff", handoff)).annotate(
        is_named=_running_assignment(acting(), "case_id"),
        decreed=ArraySubquery(DecreedDay.objects.values("day")),
        sender_kind=F("sender__kind"),
        sender_controller=F("sender__controller"),
        receiver_kind=F("receiver__kind"),
        receiver_controller=F("receiver__controller"),
        receiver_receives=Q(receiver__is_active=True, receiver__is_desk_open=True),
    )
    return query.select_for_update(of=("self",), no_key=True) if lock else query


_HANDOFF: Prepared[Any] = Prepared(_handoff)


def _allow_or_stale(relation: Relation, action: Action | None, sees: Action, moved: Callable[[], None]) -> None:
    """Ask the law; a person who is refused because a colleague was first gets Stale, if they may still see the thing."""
    act = acting()
    try:
        allow(relation, action)
    except Refused:
        if decide(act.role, sees, relation, act.moment).allowed:
            moved()
        raise
    moved()


def sees_case(case_id: UUID) -> Callable[[], bool]:
    """Return the question whether the acting person may see this case at all."""

    def seen() -> bool:
        reach_case(case_id)
        return True

    return seen


def _case_of_track(track: UUID) -> QuerySet[Track, Any]:
    return Track.objects.filter(pk=within_reach("track", track)).values("case_id")


_CASE_OF_TRACK: Prepared[dict[str, UUID]] = Prepared(_case_of_track)


def sees_track(track_id: UUID) -> Callable[[], bool]:
    """Return the question whether the acting person may see the case of this track at all."""

    def seen() -> bool:
        track = _CASE_OF_TRACK.first(track=track_id)
        if track is None:
            return False
        reach_case(track["case_id"])
        return True

    return seen


def sees_handoff(handoff_id: UUID) -> Callable[[], bool]:
    """Return the question whether the acting person may see this handoff at all."""

    def seen() -> bool:
        reach_handoff(handoff_id, lock=False)
        return True

    return seen
