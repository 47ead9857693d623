"""What the worker runs: a woken intent, and the sweep that finds everything else. Messages hold an id, nothing more."""

import logging
from uuid import UUID

from celery import shared_task

from casework.actions.intents import wake_with
from casework.worker.carry_out import (
    carry_out,
    clear_drafts,
    database_now,
    destroy_entries,
    reconcile,
    reconcile_rows,
    run_due,
)

log = logging.getLogger(__name__)


@shared_task(name="casework.tasks.carry_out_intent", ignore_result=True)
def carry_out_intent(intent_id: str) -> None:
    """Carry out one intent; a forged or repeated id has no effect."""
    carry_out(UUID(intent_id))


@shared_task(name="casework.tasks.sweep", ignore_result=True)
def sweep() -> None:
    """Carry out all that is due, woken or not, first or second time; and throw away drafts whose time is over."""
    run_due(database_now())
    clear_drafts()


@shared_task(name="casework.tasks.reconcile_access", ignore_result=True)
def reconcile_access() -> None:
    """Say in the log of the service what no grant rests on: nightly, ids only."""
    for what, case_id, agency_id, _person in reconcile():
        log.error("access differs: %s (case %s, agency %s)", what, case_id, agency_id)


@shared_task(name="casework.tasks.reconcile_rows", ignore_result=True)
def audit_reconcile(*, entirely: bool = False) -> None:
    """Say in the log of the service which differences with the trail are open: every five minutes, and nightly all."""
    for table, row, column, is_there in reconcile_rows(entirely=entirely):
        still = "" if is_there else " (stands again as the trail says; not closed)"
        log.error("changed behind the application: %s %s %s%s", table, row, column or "(gone)", still)


@shared_task(name="casework.tasks.destroy_entries", ignore_result=True)
def destroy_old_entries(most: int = 20_000) -> None:
    """Destroy entries of the trail whose time is over, so many at a time until there are no more: nightly."""
    while destroy_entries(most):
        pass


def wake(intent_id: UUID) -> None:
    """Ask a worker to carry out an intent now; the sweep finds it when no broker answers."""
    carry_out_intent.apply_async((str(intent_id),), retry=False)


wake_with(wake)
