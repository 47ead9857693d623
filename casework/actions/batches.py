"""Several steps of one kind as one act: all of them or none, in one transaction, under one operation.

A dry run is the very same act, rolled back: what it answers is what the act would have answered
(docs/decisions/0013).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import ProgrammingError, connection, transaction

from casework.actions.handlers import HANDLERS
from casework.actions.operations import fingerprint, store_answer
from casework.actions.perform import FAILURES, own_operation, record_failed_attempt, told
from casework.actions.request import ActionRequest, ActionResult
from casework.facts.first_steps import Stale
from casework.input.read import Inputs, Malformed, read_inputs
from casework.input.screening import Screened
from permissions.acting import Once, act, acting, is_privilege
from permissions.decision import Actor, Refused, roles_for
from permissions.part_of_act import holding, step_of_act
from permissions.reasons import Reason, Rule
from permissions.vocabulary import Action
from workflows.table import Incomplete, NotNow

Problem = Exception | None
STEP_FAILURES = (NotNow, Incomplete, Stale, Malformed, Screened, Refused)


@dataclass(frozen=True, slots=True)
class Asked:
    """One step of a batch: on what, with which content, on which version seen."""

    on: UUID
    given: Mapping[str, Any]
    version: int | None = None


class _Undone(Exception):  # noqa: N818 - it carries an answer out of a transaction that is rolled back
    """The whole act is rolled back; this is what each of its steps answered."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


def perform_all(
    actor: Actor, action: Action, asked: Sequence[Asked], *, operation: UUID | None = None, dry: bool = False
) -> list[Problem]:
    """Do all of these steps, or none; answers for each what stands in its way, nothing where it is good.

    Where anything stands in the way, nothing is done. `dry` does everything and takes it back. Raises Malformed when
    the operation was another one before, Busy when others hold the cases.
    """
    read = [_read(action, one, Counter(row.on for row in asked)) for one in asked]
    mine = own_operation(actor, operation)
    content = {
        "steps": [{"on": str(one.on), **({} if isinstance(r, Exception) else r)} for one, r in zip(asked, read, strict=True)]
    }
    once = Once(None, fingerprint(mine, content))
    try:
        act(actor, action, lambda: _all_or_none(asked, read, dry=dry), operation=mine, once=once)
    except _Undone as undone:
        _record_tries(actor, action, asked, undone.problems, dry=dry)
        return undone.problems
    except FAILURES as error:
        raise told(actor, action, None, error) from error
    return [None] * len(asked)


def _read(action: Action, one: Asked, times: Mapping[UUID, int]) -> Inputs | Malformed:
    if times[one.on] > 1:
        return Malformed("on", "", "named_twice")
    try:
        return read_inputs(action, one.given)
    except Malformed as error:
        return error


def _all_or_none(asked: Sequence[Asked], read: Sequence[Inputs | Malformed], *, dry: bool) -> None:
    whole = acting()
    if not whole.is_first:
        return
    with holding([one.on for one in asked]):
        problems = [
            inputs if isinstance(inputs, Malformed) else _step(one, inputs) for one, inputs in zip(asked, read, strict=True)
        ]
    refusal = next((problem for problem in problems if isinstance(problem, Refused)), None)
    if refusal and whole.role != roles_for(whole.actor, whole.action)[-1]:
        raise refusal  # another role of the person may do the whole of it
    if dry or any(problems):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        raise _Undone(problems)
    store_answer(ActionResult(None, None, {str(place): one.on for place, one in enumerate(asked)}))


def _step(one: Asked, inputs: Inputs) -> Problem:
    try:
        with transaction.atomic(), step_of_act(one.on) as step:
            HANDLERS[step.action](ActionRequest(step, one.on, inputs, one.version))
    except STEP_FAILURES as error:
        return Malformed("text", "", f"screened_{error.kind}", error.span) if isinstance(error, Screened) else error
    except ProgrammingError as error:
        if not is_privilege(error):
            raise
        return Refused(Reason(Rule.LOCK, acting().action, acting().role))
    return None


def _record_tries(actor: Actor, action: Action, asked: Sequence[Asked], problems: Sequence[Problem], *, dry: bool) -> None:
    """Put on the trail that it was tried; of a real run also what stood in the way, and where."""
    if dry:
        record_failed_attempt(actor, action, "tried", None)
        return
    for one, problem in zip(asked, problems, strict=True):
        if problem is not None:
            word = "refused" if isinstance(problem, Refused) else type(problem).__name__.lower()
            record_failed_attempt(actor, action, word, one.on)
