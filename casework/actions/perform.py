"""The door to every change: read what was given, act as the person, once, and say on the trail how it ended."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID, uuid4, uuid5

from audit.recording import record_refusal
from casework.access import sees_case, sees_handoff, sees_track
from casework.actions import (
    advice,
    agreements,
    apart,
    approvals,
    cases,
    emergencies,
    exports,
    handoffs,
    intake,
    looking,
    news,
    reviews,
    searching,
    terms,
    track_steps,
    walls,
)
from casework.actions.handoff_steps import HandoffFacts
from casework.actions.lost_races import Stale, lost_sight
from casework.actions.operations import done_before, fingerprint, store_answer
from casework.actions.request import ActionRequest, ActionResult
from casework.facts.track import TrackFacts
from casework.input.fact_parts import FACT_PARTS
from casework.input.read import Malformed, read_inputs
from casework.input.screening import Screened
from permissions.acting import Busy, Once, Reused, act, acting, acting_as
from permissions.decision import Actor, Missing, Refused
from permissions.vocabulary import Action
from workflows.facts import FACTS
from workflows.table import Incomplete, LawError, NotNow
from workflows.tracks import TRACKS, WORKFLOWS

OPERATIONS = UUID("6f9f3a52-0c8e-4f39-9d0e-3f6b7f2f5a11")
"""The namespace in which a person's own operation ids become ours: nobody meets another's."""

Handler = Callable[[ActionRequest], ActionResult]

TRACK_ACTIONS = frozenset(step.action for workflow in TRACKS.values() for step in workflow.steps)
HANDOFF_ACTIONS = frozenset(step.action for step in WORKFLOWS["handoff"].steps)

HANDLERS: dict[Action, Handler] = {
    **dict.fromkeys(TRACK_ACTIONS, track_steps.advance),
    **dict.fromkeys(HANDOFF_ACTIONS, handoffs.step_handoff),
    Action.OPEN_CASE: intake.open_case,
    Action.WRITE_RECORD: cases.write_record,
    Action.ADD_NOTE: cases.add_note,
    Action.CORRECT_NOTE: cases.correct_note,
    Action.ASSIGN: cases.assign,
    Action.OPEN_HELP: cases.open_help,
    Action.IDENTIFY_VICTIM: cases.identify_victim,
    Action.ASK_APPROVAL: approvals.ask_approval,
    Action.APPROVE: approvals.approve,
    Action.WALL_PERSON: walls.wall,
    Action.DECLARE_CONFLICT: walls.wall,
    Action.LIFT_WALL: walls.lift_wall,
    Action.PREPARE_HANDOFF: handoffs.prepare_handoff,
    Action.REWORK_HANDOFF: handoffs.rework_handoff,
    Action.ACKNOWLEDGE_HANDOFF: handoffs.acknowledge_handoff,
    Action.ACCEPT_HANDOFF: handoffs.accept_handoff,
    Action.DELIVER_HANDOFF: handoffs.deliver_handoff,
    Action.DELIVER_CORRECTION: news.deliver_correction,
    Action.NOTIFY: handoffs.notify,
    Action.MARK_OVERDUE: terms.mark_overdue,
    Action.ESCALATE_DEADLINE: terms.escalate_deadline,
    Action.EXTEND_DEADLINE: terms.move_term,
    Action.PAUSE_DEADLINE: terms.move_term,
    Action.ACKNOWLEDGE_ESCALATION: terms.acknowledge_escalation,
    Action.ASK_EMERGENCY: emergencies.ask_emergency,
    Action.END_EMERGENCY: emergencies.end_emergency,
    Action.REVIEW_EMERGENCY: emergencies.review_emergency,
    Action.REVEAL_SOURCE: apart.reveal,
    Action.REVEAL_BSN: apart.reveal,
    Action.SEARCH_OWN: searching.search_own,
    Action.CHECK_KNOWN: searching.check_known,
    Action.ANSWER_KNOWN_CHECK: searching.answer_known_check,
    Action.RAISE_FINDING: emergencies.raise_finding,
    Action.CLOSE_FINDING: emergencies.close_finding,
    Action.ANNOTATE_TRAIL: reviews.annotate_trail,
    Action.SIGN_OFF_REVIEW: reviews.sign_off_review,
    Action.DRAW_SAMPLE: reviews.draw_sample,
    Action.EXPORT_TRAIL: exports.export_trail,
    Action.REMOVE_EXPORT: exports.remove_export,
    Action.SEE_CASE: looking.look_at_case,
    Action.READ_RECORD: looking.look_at_case,
    Action.PRINT_CASE: looking.look_at_case,
    Action.SEE_HANDOFF: looking.look_at_handoff,
    Action.SEE_CASE_LOG: looking.look_at_log,
    Action.SEE_ACCESS_LOG: looking.look_at_log,
    Action.SEE_LEDGER: looking.look_at_ledger,
    Action.EXPLAIN_ACCESS: looking.explain_case,
    Action.RECORD_ADVICE: advice.record_advice,
    Action.MANAGE_AGREEMENTS: agreements.manage_agreements,
    Action.CONFIRM_BASIS: agreements.confirm_basis,
}

ON_NOTHING = frozenset(
    {
        *(Action.OPEN_CASE, Action.RECORD_ADVICE, Action.SEARCH_OWN, Action.CHECK_KNOWN, Action.ASK_EMERGENCY),
        *(Action.RAISE_FINDING, Action.ANNOTATE_TRAIL, Action.SIGN_OFF_REVIEW, Action.DRAW_SAMPLE, Action.EXPORT_TRAIL),
        Action.CONFIRM_BASIS,
    },
)
"""Actions whose handler reads nothing that they are on: they make something, or name it in what is given."""

_LATER = "belongs to a later release: its page says so, and an attempt is NotNow"
_OF_THE_SYSTEM = (
    "the program does this itself, in a transaction of its own (casework.worker.carry_out, permissions.services, commands)"
)
WITHOUT_HANDLER: dict[Action, str] = {
    Action.HANDLE_RIGHTS_REQUEST: "a look at the log for one person, told by casework.selectors",
    Action.VERIFY_TRAIL: "a look at the seal and its checkpoints, told by casework.selectors",
    Action.MANAGE_PEOPLE: "load_people does it, in a transaction of its own",
    **dict.fromkeys(
        (
            Action.RELEASE_RIGHTS_ANSWER,
            Action.PROPOSE_DISPOSAL,
            Action.APPROVE_DISPOSAL,
            Action.SET_LEGAL_HOLD,
            Action.SEE_STATISTICS,
            Action.MANAGE_CALENDAR,
            Action.MANAGE_AGENCIES,
            Action.OPERATE,
        ),
        _LATER,
    ),
    **dict.fromkeys(
        (
            Action.SEAL_TRAIL,
            Action.RECORD_SIGN_IN,
            Action.MIGRATE,
            Action.FIND_DUE,
            Action.RECONCILE_ACCESS,
            Action.RECONCILE_ROWS,
            Action.DESTROY_ENTRIES,
            Action.SWITCH_MEMBERSHIP,
            Action.CHOOSE_LANGUAGE,
            Action.RECORD_UNKNOWN_REQUEST,
        ),
        _OF_THE_SYSTEM,
    ),
}
"""Actions that no handler carries out, each with the reason; an action in neither table stops the program."""


def check_tables(handlers: Mapping[Action, Callable[[ActionRequest], ActionResult]], without: Mapping[Action, str]) -> None:
    """Refuse to start with an action that nobody carries out and nobody explains, or a fact that nothing tells of."""
    if lost := set(Action) - set(handlers) - set(without):
        raise LawError(f"no handler and no reason: {', '.join(sorted(lost))}")
    if both := set(handlers) & set(without):
        raise LawError(f"a handler and a reason why there is none: {', '.join(sorted(both))}")
    for name, workflow in WORKFLOWS.items():
        told = facts_told_by(HandoffFacts if name == "handoff" else TrackFacts)
        if unknown := {fact for step in workflow.steps for fact in step.needs} - told:
            raise LawError(f"{name}: nothing tells of {', '.join(sorted(unknown))}")


def facts_told_by(facts: type) -> frozenset[str]:
    """Return the facts that are stored as a part of their own name, or that a method of this class reads."""
    read = {name.removeprefix("_") for name in dir(facts) if name.startswith("_") and not name.startswith("__")}
    return frozenset(FACT_PARTS) | (read & set(FACTS))


check_tables(HANDLERS, WITHOUT_HANDLER)


def perform(  # noqa: PLR0913 - the parts of an act
    actor: Actor,
    action: Action,
    on: UUID | None = None,
    given: Mapping[str, Any] | None = None,
    *,
    version: int | None = None,
    operation: UUID | None = None,
    drawn: bool = False,
) -> ActionResult:
    """Do one act as this person; a repeat of the operation answers the same and has no second effect.

    `drawn` says that they sent a form that was drawn for them: where what it is about left their reach meanwhile, they
    are told by whose act (LostSight).
    Raises Refused, Missing, NotNow, Incomplete, Stale or Malformed; then nothing has changed, and the try is on the
    trail. `given` holds the parts to store (docs/scenarios.md lists them).
    """
    try:
        inputs = read_inputs(action, given or {})
        mine = own_operation(actor, operation)
        return act(
            actor,
            action,
            lambda: _once(ActionRequest(acting(), on, inputs, version)),
            about=on,
            sees=_question(action, on),
            lost=partial(lost_sight, on) if drawn and on else None,
            operation=mine,
            once=Once(on, fingerprint(mine, inputs)),
            holds=on,
        )
    except FAILURES as error:
        raise told(actor, action, on, error) from error


def _outcome_of(error: Exception) -> str:
    """Return the one word by which the trail says how a try ended."""
    kinds = {NotNow: "notnow", Stale: "stale"}
    return next((word for kind, word in kinds.items() if isinstance(error, kind)), type(error).__name__.lower())


def own_operation(actor: Actor, operation: UUID | None) -> UUID:
    """Return the id under which an operation of this person is stored: nobody meets another's."""
    return uuid5(OPERATIONS, f"{actor.person_id}:{actor.agency_id}:{operation or uuid4()}")


FAILURES = (NotNow, Incomplete, Stale, Malformed, Screened, Reused, Busy)
"""How an act can end other than done or refused; `told` says it to the trail and to the person in the same word."""


def told(actor: Actor, action: Action, on: UUID | None, error: Exception) -> Exception:
    """Put on the trail how a try ended, and return what the person is told."""
    if isinstance(error, Screened):
        error = Malformed("text", "", f"screened_{error.kind}", error.span)
    if isinstance(error, Reused):
        error = Malformed("operation", "", "operation_reused")
    record_failed_attempt(actor, action, _outcome_of(error), on)
    return error


def _once(request: ActionRequest) -> ActionResult:
    handler = HANDLERS.get(request.act.action)
    if handler is None:
        raise NotNow("-", request.act.action)
    if not request.act.is_first:
        return done_before(request.act.answer)
    done = handler(request)
    store_answer(done)
    return done


def _question(action: Action, on: UUID | None) -> Callable[[], bool] | None:
    if on is None or action is Action.MANAGE_AGREEMENTS:
        return None
    questions = [sees_case(on), sees_track(on), sees_handoff(on)]
    if action in HANDOFF_ACTIONS:
        questions = questions[2:]
    elif action in TRACK_ACTIONS:
        questions = questions[1:2]

    def seen() -> bool:
        return any(_answers(question) for question in questions)

    return seen


def _answers(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (Missing, Refused):
        return False


def record_failed_attempt(actor: Actor, action: Action, outcome: str, about: UUID | None) -> None:
    """Put a try that came to nothing on the trail: how it ended, never what was typed."""
    with acting_as(actor, actor.roles[0], action):
        record_refusal(action, outcome, about, outcome=outcome)


def read_access(about: UUID | None) -> Callable[[], bool] | None:
    """Return the question whether the acting person may see what this id names: a case, a track or a handoff."""
    return _question(Action.READ_RECORD, about)
