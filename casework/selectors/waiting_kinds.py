"""What waits for somebody: each kind is a query with the same columns, and one statement joins them in their order.

What is shown follows from the matrix and the row policies of the acting role; who may take the next step is decided
afterwards, row by row (docs/decisions/0011).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from casework.models import (
    Approval,
    Assignment,
    Deadline,
    Emergency,
    Handoff,
    KnownCheck,
    Participation,
    StoredFact,
    Track,
)
from casework.selectors.waiting_consents import consents_ended
from casework.selectors.waiting_second import (
    agreements_to_confirm,
    asked_agreements,
    asked_decisions,
    asked_walls,
    bases_to_confirm,
    decisions_to_confirm,
    open_findings,
    stuck_findings,
    stuck_without_case,
    walls_to_lift,
)
from casework.selectors.waiting_shape import (
    ACUTE,
    FIRST,
    LATER,
    PRESSING_STATES,
    Asked,
    among,
    assignments,
    cell_of,
    open_terms,
    own_cases,
    said_acute,
    sees_agency,
    sees_named,
    shaped,
    there_is,
    there_is_no,
    within_own,
)
from permissions.acting import acting
from permissions.decision import DESK_STATES, roles_with
from permissions.grid import Cell
from permissions.prepared import FEW_TEXTS, Prepared
from permissions.vocabulary import Action, AgencyKind
from workflows.tracks import RECORDED_CLOCKS, TRACKS

FIRST_CLOCKS = ("ACUTE_CHECK", "CHILDREN_FOUND")
"""Terms whose rows stand first, whatever else is late."""
BESIDE_CLOCKS = ("EMERGENCY", "EMERGENCY_REVIEW")
"""Terms of things that have rows of their own."""
WAITING_STATES = frozenset({"sent", "delivered", "acknowledged", "accepted"})
"""States of a handoff in which its sender waits for the other end."""


def _acute_on_desk() -> QuerySet[Handoff]:
    return Handoff.objects.filter(receiver_id=acting().actor.agency_id, is_acute=True, state__in=sorted(DESK_STATES))


def _of_terms(asked: Asked, query: QuerySet[Any], rank: int) -> QuerySet[Any]:
    about, due = Coalesce(F("track_id"), F("handoff_id"), F("pk")), F("due_at")
    since = F("started_at")
    return shaped(asked, query, "term", rank=rank, sort=due, until=due, about=about, term=F("clock"), since=since)


def acute_terms(asked: Asked) -> QuerySet[Any]:
    """Return the reports that somebody called acute, until somebody acts: nothing stands above them."""
    return _of_terms(asked, within_own(open_terms().filter(said_acute(), clock="ACUTE_CHECK")), ACUTE)


def pressing_terms(asked: Asked) -> QuerySet[Any]:
    """Return the terms that stand above the others: children found, and reports whose acuteness nobody has judged yet."""
    return _of_terms(asked, within_own(open_terms().filter(~said_acute(), clock__in=FIRST_CLOCKS)), FIRST)


def terms(asked: Asked) -> QuerySet[Any]:
    """Return every other term: one row a track, the nearest, but a row for each that only a record ends; one a handoff."""
    rows = open_terms().exclude(clock__in=(*FIRST_CLOCKS, *BESIDE_CLOCKS))
    steps = open_terms().filter(track_id=OuterRef("track_id")).exclude(clock__in=RECORDED_CLOCKS)
    before = Q(due_at__lt=OuterRef("due_at")) | Q(pk__lt=OuterRef("pk"))
    nearer = steps.filter(before, due_at__lte=OuterRef("due_at"))
    rows = rows.filter(Q(track_id=None) | Q(clock__in=RECORDED_CLOCKS) | Q(there_is_no(nearer)))
    acute = _acute_on_desk().values_list("pk", flat=True)
    rows = rows.filter(Q(handoff_id=None) | ~Q(among("handoff_id", acute)))
    if not (sees_agency() or sees_named()):
        rows = rows.exclude(handoff_id=None)
    return _of_terms(asked, within_own(rows), LATER)


def escalated_terms(asked: Asked) -> QuerySet[Any]:
    """Return the terms that stayed overdue, until somebody says what happens now."""
    rows = open_terms().filter(escalated_at__isnull=False, acknowledged_at=None)
    sort = F("escalated_at")
    return shaped(asked, within_own(rows), "escalation", sort=sort, until=F("due_at"), term=F("clock"))


def _due_of_handoff() -> Subquery:
    rows = open_terms().filter(handoff_id=OuterRef("pk")).order_by("due_at")
    return Subquery(rows.values("due_at")[:1])


def acute_packages(asked: Asked) -> QuerySet[Any]:
    """Return the acute packages on the desk, also those that went back with a question: above everything else."""
    due = _due_of_handoff()
    sort = Coalesce(due, F("moved_at"))
    return shaped(
        asked, _acute_on_desk(), "handoff", rank=ACUTE, sort=sort, until=due, since=F("moved_at"),
    )  # fmt: skip


def desk_packages(asked: Asked) -> QuerySet[Any]:
    """Return what lies on the desk in cases to which this person is not assigned yet."""
    rows = Handoff.objects.filter(
        receiver_id=acting().actor.agency_id, is_acute=False, state__in=("delivered", "acknowledged")
    )
    sort = Coalesce(_due_of_handoff(), F("moved_at"))
    rows = rows.exclude(among("case_id", own_cases()))
    return shaped(asked, rows, "handoff", sort=sort, until=sort, since=F("moved_at"))


def waiting_handoffs(asked: Asked) -> QuerySet[Any]:
    """Return the handoffs in which the other end has the next step."""
    mine = acting().actor.agency_id
    away = Q(sender_id=mine, state__in=sorted(WAITING_STATES)) | Q(receiver_id=mine, state="returned")
    return shaped(asked, within_own(Handoff.objects.filter(away)), "handoff", sort=F("moved_at"))


def approvals(asked: Asked) -> QuerySet[Any]:
    """Return what was asked to approve and has not changed since: never to who asked, nor to who edited last."""
    me = acting().actor.person_id
    track, handoff = _unchanged_since_asked()
    rows = _unanswered().exclude(asked_by_id=me)
    rows = rows.filter(Q(there_is(track.exclude(editor_id=me))) | Q(there_is(handoff.exclude(editor_id=me))))
    return _of_approvals(asked, within_own(rows), _unanswered())


def asked_approvals(asked: Asked) -> QuerySet[Any]:
    """Return what the acting person asked another to approve and has not changed since, until somebody does."""
    track, handoff = _unchanged_since_asked()
    rows = _unanswered().filter(asked_by_id=acting().actor.person_id)
    rows = rows.filter(Q(there_is(track)) | Q(there_is(handoff)))
    if sees_named():  # row by row: who asked little is named on much, and some of it is closed by now
        rows = rows.filter(there_is(assignments().filter(content_object_id=OuterRef("case_id"))))
    return _of_approvals(asked, rows, _unanswered().filter(action=OuterRef("action")))


def _unanswered() -> QuerySet[Any]:
    return Approval.objects.filter(agency_id=acting().actor.agency_id, approved_by_id=None)


def _unchanged_since_asked() -> tuple[QuerySet[Track], QuerySet[Handoff]]:
    """Return the track, and the handoff, of an approval where nothing in them changed since it was asked."""
    track = Track.objects.filter(pk=OuterRef("track_id"), version=OuterRef("version"))
    handoff = Handoff.objects.filter(pk=OuterRef("handoff_id"), package_version=OuterRef("version"))
    again = open_terms().filter(handoff_id=OuterRef("pk"), clock="HANDOFF_AGAIN")
    return track, handoff.filter(Q(state__in=PRESSING_STATES) | Q(there_is(again)))


def _of_approvals(asked: Asked, rows: QuerySet[Any], others: QuerySet[Any]) -> QuerySet[Any]:
    """Return the last request for approval of each thing among these, in the common columns."""
    later = others.filter(version=OuterRef("version"), made_at__gt=OuterRef("made_at"))
    for same in ("track_id", "handoff_id"):
        rows = rows.filter(there_is_no(later.filter(**{same: OuterRef(same)})))
    about = Coalesce(F("track_id"), F("handoff_id"))
    return shaped(asked, rows, "approval", sort=F("made_at"), about=about)


def known_questions(asked: Asked) -> QuerySet[Any]:
    """Return the questions of other agencies whether somebody is known that nobody answered."""
    rows = KnownCheck.objects.filter(agency_id=acting().actor.agency_id, answered_at=None)
    return shaped(asked, rows, "question", sort=F("made_at"))


def emergencies_to_review(asked: Asked) -> QuerySet[Any]:
    """Return the emergencies that nobody reviewed, never one's own."""
    act = acting()
    review = Deadline.objects.filter(
        case_id=OuterRef("case_id"),
        agency_id=OuterRef("agency_id"),
        clock="EMERGENCY_REVIEW",
        started_at=OuterRef("starts_at"),
    )
    rows = Emergency.objects.filter(agency_id=act.actor.agency_id, reviewed_at=None).exclude(user_id=act.actor.person_id)
    due = Coalesce(Subquery(review.values("due_at")[:1]), F("starts_at"))
    return shaped(asked, rows, "emergency", sort=due, until=due, term=Value("EMERGENCY_REVIEW"), since=F("starts_at"))


class _Unseen(Func):
    """Whether a signal is among those that were not seen; the keeper asks the trail once for a statement."""

    template = "%(expressions)s = ANY ((SELECT lock.unseen_signals())::uuid[])"


def joined_reports(asked: Asked) -> QuerySet[Any]:
    """Return the new reports that were joined to a household at intake, until who works on it has opened the case."""
    rows = StoredFact.objects.filter(_Unseen(F("pk"), output_field=BooleanField()), fact="new_signal")
    return shaped(asked, rows, "signal", sort=F("made_at"))


class _Unheld(Func):
    """Whether a case is among those that nobody of the agency holds; the keeper is asked once for a statement."""

    template = "%(expressions)s = ANY ((SELECT lock.unheld_cases())::uuid[])"


def unheld() -> QuerySet[Participation]:
    """Return the open cases that nobody holds: no running assignment of a member who is there and behind no wall."""
    act = acting()
    return Participation.objects.running(act.moment).filter(
        _Unheld(F("content_object_id"), output_field=BooleanField()), group_id=act.actor.agency
    )


def unheld_cases(asked: Asked) -> QuerySet[Any]:
    """Return the open cases that nobody holds, as a kind of what waits."""
    rows = unheld()
    return shaped(asked, rows, "unheld", rank=FIRST, sort=F("moved_at"), case="content_object_id", row="content_object_id")


def _without_term() -> QuerySet[Any]:
    """Return the cases in which something is open and no term runs for it, as the keeper marks them."""
    act = acting()
    marked = {"is_open": True, "lacks_term": True}
    if sees_agency():
        return Participation.objects.running(act.moment).filter(group_id=act.actor.agency, **marked)
    mine = {"user_id": act.actor.person_id, "agency_id": act.actor.agency_id}
    return Assignment.objects.running(act.moment).filter(**mine, **marked)


def tracks_without_term(asked: Asked) -> QuerySet[Any]:
    """Return open tracks for which no term runs: work remains all the same."""
    cases = _without_term().values_list("content_object_id", flat=True)
    running = open_terms().filter(track_id=OuterRef("pk")).exclude(clock__in=RECORDED_CLOCKS)
    rows = Track.objects.filter(among("case_id", cases), agency_id=acting().actor.agency_id)
    rows = rows.filter(there_is_no(running)).filter(_open_tracks())
    return shaped(asked, rows, "track", sort=F("moved_at"))


def _open_tracks() -> Q:
    open_ones = Q(pk=None)
    for kind, workflow in TRACKS.items():
        open_ones |= Q(kind=kind) & ~Q(state__in=sorted(workflow.final))
    return open_ones


def cases_without_work(asked: Asked) -> QuerySet[Any]:
    """Return open cases in which nothing was begun: a case that was opened and stands still is seen as well.

    A package that was taken back before it was delivered began nothing.
    """
    mine = {"case_id": OuterRef("content_object_id")}
    tracks = Track.objects.filter(agency_id=acting().actor.agency_id, **mine)
    handoffs = Handoff.objects.filter(**mine).exclude(state="withdrawn", delivered=[])
    rows = _without_term().filter(there_is_no(tracks)).filter(there_is_no(handoffs))
    rows = rows.filter(there_is_no(open_terms().filter(**mine)))
    return shaped(asked, rows, "case", sort=F("moved_at"), case="content_object_id", row="content_object_id")


def _sees_cases() -> bool:
    return sees_agency() or sees_named()


def _has(action: Action) -> Callable[[], bool]:
    return lambda: cell_of(action) is not Cell.NEVER


def _joins_reports() -> bool:
    return _sees_cases() and acting().actor.kind is AgencyKind.VEILIG_THUIS


def _assigns() -> bool:
    return acting().role in roles_with(Action.ASSIGN, Cell.OWN)


def _receives_unnamed() -> bool:
    return sees_named() and cell_of(Action.ACKNOWLEDGE_HANDOFF) is not Cell.NEVER


KINDS: tuple[tuple[Callable[[], bool], Callable[[Asked], QuerySet[Any]]], ...] = (
    (_sees_cases, acute_terms),
    (_sees_cases, pressing_terms),
    (_has(Action.SEE_CASE), terms),
    (_has(Action.ACKNOWLEDGE_HANDOFF), acute_packages),
    (_receives_unnamed, desk_packages),
    (_has(Action.ACKNOWLEDGE_ESCALATION), escalated_terms),
    (_has(Action.APPROVE), approvals),
    (_has(Action.ANSWER_KNOWN_CHECK), known_questions),
    (_has(Action.LIFT_WALL), walls_to_lift),
    (_has(Action.REVIEW_EMERGENCY), emergencies_to_review),
    (_has(Action.CLOSE_FINDING), open_findings),
    (_has(Action.LIFT_WALL), stuck_findings),
    (_has(Action.LIFT_WALL), stuck_without_case),
    (_has(Action.MANAGE_AGREEMENTS), agreements_to_confirm),
    (_has(Action.MANAGE_AGREEMENTS), decisions_to_confirm),
    (_joins_reports, joined_reports),
    (_assigns, unheld_cases),
    (_sees_cases, consents_ended),
    (_sees_cases, tracks_without_term),
    (_sees_cases, cases_without_work),
)
"""Every kind of thing that waits, and whether the acting role meets it at all."""


FOR_OTHERS: tuple[tuple[Callable[[], bool], Callable[[Asked], QuerySet[Any]]], ...] = (
    (_has(Action.SEE_HANDOFF), waiting_handoffs),
    (_has(Action.ASK_APPROVAL), asked_approvals),
    (_has(Action.LIFT_WALL), asked_walls),
    (_has(Action.MANAGE_AGREEMENTS), asked_agreements),
    (_has(Action.MANAGE_AGREEMENTS), asked_decisions),
)
"""Every kind of thing that waits for another end, or for another person of the agency."""


def joined(queries: Iterable[QuerySet[Any]], most: int) -> QuerySet[Any]:
    """Return the first rows of several kinds in one order, in one statement."""
    first, *others = [query for query in queries if not query.query.is_empty()] or [Track.objects.none()]
    return first.union(*others, all=True).order_by("rank", "sorted_at", "row")[:most] if others else first


def _waiting(  # noqa: PLR0913 - the shape of a query, and its values by name
    for_others: bool,  # noqa: FBT001 - the shape of a query
    rank: int | None,
    has_untimed: bool,  # noqa: FBT001 - the shape of a query
    most: int,
    *,
    at: datetime,
    row: UUID,
    due_from: datetime | None,
    due_until: datetime | None,
    case: UUID | None,
) -> QuerySet[Any]:
    asked = Asked(None if rank is None else (rank, at, row), due_from, due_until, case, most, has_untimed)
    if for_others:
        return joined([make(asked) for meets, make in FOR_OTHERS if meets()], asked.most)
    queries = [make(asked) for meets, make in KINDS if meets()]
    if _has(Action.CONFIRM_BASIS)() or _has(Action.MANAGE_AGREEMENTS)():
        queries += bases_to_confirm(asked)
    return joined(queries, asked.most)


_WAITING: Prepared[tuple[Any, ...]] = Prepared(_waiting, FEW_TEXTS)


def waiting(asked: Asked, *, for_others: bool = False) -> list[tuple[Any, ...]]:
    """Return what waits in the acting role's sight, or what waits for another end or another person, in its order."""
    rank, at, row = asked.after or (None, None, None)
    if rank is not None and rank > LATER:
        return []  # nothing comes after the last rank, and a text for each number of an address is none
    shape = for_others, rank, asked.spans(acting().moment), asked.most
    span = {"due_from": asked.due_from, "due_until": asked.due_until}
    return _WAITING.rows(*shape, at=at, row=row, case=asked.case_id, **span)
