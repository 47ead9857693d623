"""The door to every change: read what was given, act as the person, once, and say on the trail how it ended."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4, uuid5

from audit.recording import record_refusal
from casework.access import sees_case, sees_handoff, sees_track
from casework.actions import (
    advice,
    agreements,
    approvals,
    assigning,
    cases,
    emergencies,
    exports,
    handoffs,
    intake,
    look_acts,
    members,
    news,
    notices,
    reviews,
    searching,
    terms,
    track_steps,
    walls,
)
from casework.actions.handlers import HANDLERS, check_handlers
from casework.actions.lost_races import lost_sight
from casework.actions.operations import done_before, fingerprint, store_answer
from casework.actions.request import ActionRequest, ActionResult
from casework.entries.entry import On
from casework.entries.table import ENTRIES
from casework.facts.first_steps import Stale
from casework.input.read import Malformed, read_inputs
from casework.input.screening import Screened
from casework.lock import grants
from permissions.acting import Busy, Once, Reused, act, acting, acting_as
from permissions.decision import Actor, Missing, Refused
from permissions.vocabulary import Action
from workflows.causes import Cause
from workflows.table import Incomplete, NotNow

OPERATIONS = UUID("6f9f3a52-0c8e-4f39-9d0e-3f6b7f2f5a11")
"""The namespace in which a person's own operation ids become ours: nobody meets another's."""

CARRYING_OUT = (
    *(advice, agreements, approvals, assigning, cases, emergencies, exports, handoffs, intake, members, news),
    *(notices, reviews, searching, terms, track_steps, walls, look_acts),
)
"""The modules in which handlers stand: an action is carried out once its module is named here."""
SEEN: Mapping[On, tuple[Callable[[UUID], Callable[[], bool]], ...]] = MappingProxyType(
    {
        On.NOTHING: (sees_case, sees_track, sees_handoff),
        On.CASE: (sees_case, sees_track, sees_handoff),
        On.TRACK: (sees_track,),
        On.HANDOFF: (sees_handoff,),
    },
)
"""Which questions tell whether somebody may know of what an action is on; of a row of their own agency none is asked."""

check_handlers(HANDLERS, ENTRIES)


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

    `drawn` says that the person sent a form from a page: if its case, track or handoff left their reach since then,
    LostSight says by whose act.
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
    """Return the one word in which the trail says how a try ended."""
    kinds = {NotNow: "notnow", Stale: "stale"}
    return next((word for kind, word in kinds.items() if isinstance(error, kind)), type(error).__name__.lower())


def own_operation(actor: Actor, operation: UUID | None) -> UUID:
    """Return the id under which an operation of this person is stored: nobody meets another's."""
    return uuid5(OPERATIONS, f"{actor.person_id}:{actor.agency_id}:{operation or uuid4()}")


FAILURES = (NotNow, Incomplete, Stale, Malformed, Screened, Reused, Busy)
"""How an act can end other than done or refused; `told` says it to the trail and to the person in the same word."""


def told(actor: Actor, action: Action, on: UUID | None, error: Exception) -> Exception:
    """Record on the trail how a failed attempt ended, and return the error to raise for the person."""
    if isinstance(error, Screened):
        error = Malformed("text", "", f"screened_{error.kind}", error.span)
    if isinstance(error, Reused):
        error = Malformed("operation", "", "operation_reused")
    record_failed_attempt(actor, action, _outcome_of(error), on)
    return error


def _once(request: ActionRequest) -> ActionResult:
    handler = HANDLERS.get(request.act.action)
    if handler is None:
        raise NotNow(None, request.act.action, Cause.NOT_HERE)
    if not request.act.is_first:
        return done_before(request.act.answer)
    done = handler(request)
    store_answer(done)
    return done


def _question(action: Action, on: UUID | None) -> Callable[[], bool] | None:
    asked = SEEN.get(ENTRIES[action].on)
    if on is None or asked is None:
        return None

    def seen() -> bool:
        return grants.is_within_reach(on) and any(_answers(question(on)) for question in asked)

    return seen


def _answers(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (Missing, Refused):
        return False


def record_failed_attempt(actor: Actor, action: Action, outcome: str, about: UUID | None) -> None:
    """Record on the trail that an attempt failed and how it ended, never what was typed."""
    with acting_as(actor, actor.roles[0], action):
        record_refusal(action, outcome, about, outcome=outcome)


def read_access(about: UUID | None) -> Callable[[], bool] | None:
    """Return the question whether the acting person may see what this id names: a case, a track or a handoff."""
    return _question(Action.READ_RECORD, about)
