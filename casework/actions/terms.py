"""Terms that move: an extension or a pause with its reason, and the answer to a term that was left too long."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q

from casework.access import reach_case, within_reach
from casework.actions.handlers import carries_out
from casework.actions.intents import intend
from casework.actions.lost_races import was_first
from casework.actions.request import ActionRequest, ActionResult
from casework.input.read import Malformed, Values
from casework.models import Deadline, Handoff, Notice, StoredFact, Track, owned
from casework.terms.deadlines import end_of_term
from casework.terms.decreed import decreed_days
from permissions.acting import acting
from permissions.vocabulary import Action
from workflows.calendars import local_midnight_after
from workflows.causes import Cause
from workflows.clocks import TERMS, Clock
from workflows.counting import LITTLE, MOVES, Move, last_day, paused
from workflows.table import NotNow

ESCALATES_AFTER = timedelta(hours=24)
"""How long a term may be overdue before those who lead are told (ours; docs/decisions/0005)."""


CHOSEN = {"person": "person_id", "which": "pk"}
"""What says which term is meant, and the column in which it stands."""
GROUNDS = ("needed_for_task", "needed_against_abuse")
"""Both are stored when the term of informing somebody is extended (Wmo 5.3.1)."""


def _open_term(request: ActionRequest, clock: str, chosen: Values | None = None, waits: Q | None = None) -> Deadline:
    """Return the open term of this clock in the acting agency's part of the case.

    `chosen` says of whom it is, and which of several. `waits` are those that an escalation waits for: each answer is about
    the earliest of them, whoever it concerns. Raises NotNow where there is none, and Malformed where it must be said which.
    """
    agency_id = request.act.actor.agency_id
    track = Track.objects.filter(pk=within_reach("track", request.target), agency_id=agency_id).first()
    handoff = None if track else Handoff.objects.filter(pk=within_reach("handoff", request.target)).first()
    case_id = track.case_id if track else handoff.case_id if handoff else request.target
    reach_case(case_id)
    about = Q()
    if track or handoff:
        about = Q(track_id=track.pk) | Q(track_id=None, handoff_id=None) if track else Q(handoff_id=handoff and handoff.pk)
    mine = {"case_id": case_id, "agency_id": agency_id, "clock": clock, "met_at": None}
    said = {column: key for name, column in CHOSEN.items() if (key := (chosen or {}).get(name))}
    rows = Deadline.objects.select_for_update().filter(about, **mine, **said)
    found = list((rows.filter(waits) if waits else rows).order_by("due_at", "id"))
    if not found:
        raise NotNow(None, request.act.action, Cause.NOT_ESCALATED if waits else Cause.NO_SUCH_TERM)
    if not waits:
        _refuse_unsaid(found)
    return found[0]


def _refuse_unsaid(found: Sequence[Deadline]) -> None:
    """Refuse to guess whose term is meant, or the term of which track or handoff."""
    if len({row.person_id for row in found}) > 1:
        raise Malformed("term", "person", "required")
    if len({(row.track_id, row.handoff_id) for row in found}) > 1:
        raise Malformed("term", "which", "which_of_several")


@carries_out(Action.EXTEND_DEADLINE, Action.PAUSE_DEADLINE)
def move_term(request: ActionRequest) -> ActionResult:
    """Extend a term to a later day, or pause it until a day, at most by the law's measure; the reason is stored."""
    parts = request.inputs.get("term", ())
    if not parts:
        raise Malformed("term", "clock", "required")
    for values in parts:
        row = _open_term(request, values["clock"], values)
        clock = TERMS[row.clock]
        if clock.extension is None or (request.act.action is Action.PAUSE_DEADLINE and not clock.pausable):
            raise NotNow(None, request.act.action, Cause.FIXED_TERM)
        _check_first(row, values["until"])
        if request.act.action is Action.PAUSE_DEADLINE:
            _pause(row, clock, values["until"])
        else:
            _check_grounds(row, values)
            _extend(row, clock, values["until"])
        row.overdue_at = row.escalated_at = row.acknowledged_at = row.acknowledged_by_id = None
        columns = ("due_at", "paused_until", "overdue_at", "escalated_at", "acknowledged_at", "acknowledged_by_id")
        row.save(update_fields=columns, force_update=True)
        _store_reason(request, row, values)
    return ActionResult(row.case_id, request.target)


def _check_first(row: Deadline, until: date) -> None:
    """Raise DoneBefore where a colleague moved this term as far before; the same person chooses a later day."""
    about = {"track_id": row.track_id, "handoff_id": row.handoff_id, "person_id": row.person_id, "code": row.clock}
    moves = StoredFact.objects.filter(case_id=row.case_id, agency_id=row.agency_id, made_at__gte=row.started_at, **about)
    last = moves.filter(fact__in=MOVES).order_by("-made_at", "-id").first()
    if last and last.made_by_id != acting().actor.person_id and last.on_date and until <= last.on_date:
        raise was_first(last.made_by_id, "term_moved", last.made_at, (last.fact, last.text))


def _check_grounds(row: Deadline, values: Values) -> None:
    """Refuse to put off informing somebody unless both grounds are said."""
    for ground in GROUNDS:
        if row.clock == "INFORM_SUBJECT" and ground not in values:
            raise Malformed("term", ground, "required")


def _latest(start: datetime, clock: Clock) -> datetime:
    number, unit = clock.extension or (0, "days")
    return end_of_term(start, number, unit, clock.calendar)


def _extend(row: Deadline, clock: Clock, until: date) -> None:
    new_due = local_midnight_after(until)
    _within(new_due, row.due_at, _latest(row.due_at - LITTLE, clock))
    row.due_at = new_due


def _pause(row: Deadline, clock: Clock, until: date) -> None:
    """Let the term stand still until a day: it ends as many days later, never on a day on which nobody works."""
    moment = acting().moment
    resumes = local_midnight_after(until)
    stands_still = max(moment, row.paused_until or moment)
    _within(resumes, stands_still, _latest(moment, clock))
    row.due_at = paused(row.due_at, Move(moment, until, is_pause=True), row.paused_until, clock.calendar, decreed_days())
    row.paused_until = resumes


def _within(wanted: datetime, after: datetime, latest: datetime) -> None:
    if wanted <= after:
        raise Malformed("term", "until", "not_later")
    if wanted > latest:
        raise Malformed("term", "until", "too_long_a_move", last_day(latest).isoformat())


def _store_reason(request: ActionRequest, row: Deadline, values: Values) -> None:
    texts = {str(request.act.action): values["text"]} | {ground: values[ground] for ground in GROUNDS if ground in values}
    facts = [
        StoredFact(
            **owned(row.case_id, "term", row.pk, fact),
            track_id=row.track_id,
            handoff_id=row.handoff_id,
            person_id=row.person_id,
            fact=fact,
            action=request.act.action,
            code=row.clock,
            text=text,
            on_date=values.get("until"),
        )
        for fact, text in texts.items()
    ]
    StoredFact.objects.bulk_create(facts)


@carries_out(Action.MARK_OVERDUE)
def mark_overdue(request: ActionRequest) -> ActionResult:
    """Mark a passed term once, and plan that those who lead are told when it stays so."""
    moment = request.act.moment
    rows = Deadline.objects.filter(pk=request.target, met_at=None, overdue_at=None, due_at__lte=moment)
    if rows.update(overdue_at=moment):
        key = f"escalate:{request.target}:{moment.isoformat()}"
        agency_id = request.act.actor.agency
        intend("escalate_deadline", key, agency_id=agency_id, about_id=request.target, due_at=moment + ESCALATES_AFTER)
    return ActionResult(id=request.target)


@carries_out(Action.ESCALATE_DEADLINE)
def escalate_deadline(request: ActionRequest) -> ActionResult:
    """Put a term that stayed overdue before those who lead: once, until somebody says what happens now."""
    row = Deadline.objects.select_for_update().filter(pk=request.target, met_at=None, escalated_at=None).first()
    if row is None or row.overdue_at is None or row.overdue_at > request.act.moment - ESCALATES_AFTER:
        raise NotNow(None, request.act.action, Cause.NOT_OVERDUE)
    row.escalated_at = request.act.moment
    row.save(update_fields=("escalated_at",), force_update=True)
    notice = Notice(
        id=request.act.made_id("notice"),
        case_id=row.case_id,
        agency_id=row.agency_id,
        word=request.act.action,
        about_id=row.pk,
        made_at=request.act.moment,
    )
    Notice.objects.bulk_create([notice])
    return ActionResult(row.case_id, row.pk)


@carries_out(Action.ACKNOWLEDGE_ESCALATION)
def acknowledge_escalation(request: ActionRequest) -> ActionResult:
    """Say what happens now with a term that was escalated; it stays overdue until it is met."""
    parts = request.inputs.get("acknowledgement", ())
    if not parts:
        raise Malformed("acknowledgement", "clock", "required")
    for values in parts:
        row = _open_term(request, values["clock"], waits=Q(escalated_at__isnull=False, acknowledged_at=None))
        row.acknowledged_at, row.acknowledged_by_id = request.act.moment, request.act.actor.person_id
        row.save(update_fields=("acknowledged_at", "acknowledged_by_id"), force_update=True)
        _store_reason(request, row, values)
    return ActionResult(row.case_id, request.target)
