"""What the worker runs: a woken intent, and the sweep that finds everything else. Messages hold an id, nothing more."""

from uuid import UUID

from celery import shared_task

from casework.outbox import wake_with
from casework.work import carry_out, database_now, run_due


@shared_task(name="casework.tasks.carry_out_intent", ignore_result=True)
def carry_out_intent(intent_id: str) -> None:
    """Carry out one intent; a forged or repeated id has no effect."""
    carry_out(UUID(intent_id))


@shared_task(name="casework.tasks.sweep", ignore_result=True)
def sweep() -> None:
    """Carry out all that is due: woken or not, first or second time."""
    run_due(database_now())


def wake(intent_id: UUID) -> None:
    """Ask a worker to carry out an intent now; the sweep finds it when no broker answers."""
    carry_out_intent.apply_async((str(intent_id),), retry=False)


wake_with(wake)
