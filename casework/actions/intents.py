"""Intents that a worker carries out after commit, once by their key; a sweep finds what was not woken."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from casework.models import Outbox
from permissions.acting import acting
from permissions.circumstances import circumstances

_wakers: list[Callable[[UUID], None]] = []


def wake_with(waker: Callable[[UUID], None]) -> None:
    """Let this function wake a worker for an intent; without one the sweep alone carries intents out."""
    _wakers[:] = [waker]


def intend(task: str, key: str, *, agency_id: int, about_id: UUID, due_at: datetime | None = None) -> None:
    """Store an intent in this act; it happens once, however often it is swept."""
    act = acting()
    intent = Outbox(
        id=act.made_id("outbox", key),
        key=key,
        task=task,
        agency_id=agency_id,
        on_behalf_of_id=circumstances.get().on_behalf_of or act.actor.person_id,
        about_id=about_id,
        due_at=due_at or act.moment,
    )
    Outbox.objects.bulk_create([intent], ignore_conflicts=True)
    if due_at is None or due_at <= act.moment:

        def wake() -> None:
            for waker in _wakers:
                waker(intent.pk)

        transaction.on_commit(wake, robust=True)
