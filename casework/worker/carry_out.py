"""Carries out intents and marks passed terms, each as a named system actor for one agency, each once."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import connection

from casework.actions.exports import build_part
from casework.actions.handlers import HANDLERS
from casework.actions.perform import OPERATIONS
from casework.actions.request import ActionRequest, ActionResult
from casework.models import Outbox
from permissions.acting import act, acting, acting_as, scenario_moment
from permissions.circumstances import Circumstances, circumstances
from permissions.decision import Actor, Refused
from permissions.installing import system_actor
from permissions.selectors import actor_at
from permissions.signing import signed_now
from permissions.vocabulary import Action, Role
from workflows.table import Incomplete, NotNow

log = logging.getLogger(__name__)

ROLE_OF_TASK = {
    Action.DELIVER_HANDOFF: Role.COURIER,
    Action.DELIVER_CORRECTION: Role.COURIER,
    Action.NOTIFY: Role.COURIER,
    Action.ESCALATE_DEADLINE: Role.SCHEDULER,
    Action.EXPIRE_HANDOFF: Role.SCHEDULER,
    Action.REMOVE_EXPORT: Role.SCHEDULER,
}
"""Who carries out an intent; one that is not named here is an act of who asked for it, decided anew."""
STEPS = {**HANDLERS, Action.EXPORT_TRAIL: build_part}
"""What the worker does: for an export the next part of what a person asked for."""
ROUNDS = 50
"""How often one run looks again for what its own work made due."""


def carry_out(intent_id: UUID) -> bool:
    """Carry out one intent, if it is due and nobody did; effect and mark are one transaction.

    A message that comes early changes nothing: the sweep finds the intent when its time has come.
    """
    token = signed_now("intent", intent=intent_id, moment=scenario_moment.get())
    intent = next(iter(Outbox.objects.raw("SELECT * FROM lock.intent(%s, %s)", token)), None)
    if intent is None:
        return False
    action = Action(intent.task)
    actor = _actor_of(intent, action)
    operation = uuid5(OPERATIONS, str(intent.pk))
    before = circumstances.set(Circumstances(on_behalf_of=intent.on_behalf_of_id))
    try:
        return act(
            actor,
            action,
            lambda: _claimed(intent, action),
            about=intent.about_id,
            operation=operation,
            holds=intent.about_id,
        )
    except (NotNow, Incomplete, Refused) as error:
        # It has become pointless: a withdrawn handoff is not delivered, an answered one does not expire.
        log.info("intent %s came too late: %s", intent.task, error)
        with connection.cursor() as cursor:
            cursor.execute("SELECT lock.intent_too_late(%s, %s)", signed_now("intent_too_late", intent=intent_id))
        return False
    finally:
        circumstances.reset(before)


def _actor_of(intent: Outbox, action: Action) -> Actor:
    """Return who carries out an intent; the membership of a person may have ended: the database says so at the act."""
    role = ROLE_OF_TASK.get(action)
    if role:
        return system_actor(role, intent.agency_id)
    return actor_at(intent.on_behalf_of_id or 0, intent.agency_id)


def _claimed(intent: Outbox, action: Action) -> bool:
    of_now = Outbox.objects.filter(pk=intent.pk, done_at=None, due_at__lte=acting().moment)
    held = of_now.select_for_update(skip_locked=True).first()
    if held is None:
        return False
    STEPS[action](ActionRequest(acting(), intent.about_id, {}, None))
    held.done_at = acting().moment
    held.tries += 1
    held.save(update_fields=("done_at", "tries"))
    return True


def mark_passed(deadline_id: UUID, agency_id: int) -> ActionResult:
    """Mark one passed term overdue."""
    actor = system_actor(Role.SCHEDULER, agency_id)
    action = Action.MARK_OVERDUE
    return act(actor, action, lambda: HANDLERS[action](ActionRequest(acting(), deadline_id, {}, None)), holds=deadline_id)


def reconcile() -> list[tuple[str, UUID, int, int | None]]:
    """Recompute what every grant rests on, and return what differs: what, case, agency, person."""
    actor = system_actor(Role.SCHEDULER)
    with acting_as(actor, Role.SCHEDULER, Action.RECONCILE_ACCESS), connection.cursor() as cursor:
        cursor.execute("SELECT what, of_case, agency, person FROM lock.reconcile()")
        return list(cursor.fetchall())


class Difference(NamedTuple):
    """A column that differed from the trail when a run looked, and that nobody has closed.

    A row that is gone has no column; a policy, trigger, function or role has neither row nor column.
    """

    table: str
    row: str
    column: str
    is_there: bool
    """Whether this run still found it."""


def reconcile_rows(*, entirely: bool) -> list[Difference]:
    """Compare rows with the trail, new ones or all, and what guards them with what was set up; open a finding of each.

    Returns every difference that is open, whichever run found it first.
    """
    actor = system_actor(Role.SCHEDULER)
    with acting_as(actor, Role.SCHEDULER, Action.RECONCILE_ROWS), connection.cursor() as cursor:
        cursor.execute("SELECT in_table, of_row, of_column, is_there FROM lock.note_differences(%s)", [entirely])
        return [Difference(*row) for row in cursor.fetchall()]


def destroy_entries(most: int = 20_000) -> int:
    """Destroy entries of the trail whose time is over, some at a time; answers how many. Their leaf hashes stay."""
    actor = system_actor(Role.SCHEDULER)
    with acting_as(actor, Role.SCHEDULER, Action.DESTROY_ENTRIES), connection.cursor() as cursor:
        cursor.execute("SELECT trail.destroy_due(%s)", [most])
        return int(cursor.fetchone()[0])


def clear_drafts() -> int:
    """Throw away drafts whose time is over or whose writer has no way to what they are about; answers how many."""
    actor = system_actor(Role.SCHEDULER)
    with acting_as(actor, Role.SCHEDULER, Action.FIND_DUE), connection.cursor() as cursor:
        cursor.execute("SELECT lock.clear_drafts()")
        return int(cursor.fetchone()[0])


def database_now() -> datetime:
    """Return the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def run_due(until: datetime, *, on_scenario_clock: bool = False) -> int:
    """Carry out all that is due until a moment, in order of its time; answers how much was done."""
    done = 0
    for _ in range(ROUNDS):
        found = _due(until)
        if not found:
            return done
        for due_at, intent_id, agency_id in found:
            with _clock(due_at if on_scenario_clock else None):
                try:
                    if agency_id is None:
                        carry_out(intent_id)
                    else:
                        mark_passed(intent_id, agency_id)
                except Exception:
                    if on_scenario_clock:
                        raise
                    log.exception("a due act failed; the next sweep tries it again")
                    continue
            done += 1
    return done


def _due(until: datetime) -> list[tuple[datetime, UUID, int | None]]:
    actor = system_actor(Role.SCHEDULER)
    with acting_as(actor, Role.SCHEDULER, Action.FIND_DUE), connection.cursor() as cursor:
        cursor.execute("SELECT due_at, id, NULL::int FROM lock.due_intents(%s)", [until])
        intents = list(cursor.fetchall())
        cursor.execute("SELECT due_at, id, agency FROM lock.passed_deadlines(%s)", [until])
        return sorted([*intents, *cursor.fetchall()], key=lambda row: (row[0], str(row[1])))


@contextmanager
def _clock(moment: datetime | None) -> Iterator[None]:
    """Set the scenario's clock to the moment at which something was due, never back before it stood."""
    if moment is None:
        yield
        return
    stood = scenario_moment.get()
    token = scenario_moment.set(max(moment, stood) if stood else moment)
    try:
        yield
    finally:
        scenario_moment.reset(token)
