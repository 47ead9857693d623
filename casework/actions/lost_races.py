"""What is told to whoever comes second in an act: that a colleague did it before, or took the thing out of their reach."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from casework.facts.first_steps import FirstStep, Stale
from permissions.acting import acting
from permissions.models import Agency, User
from permissions.vocabulary import Action
from workflows.causes import Cause
from workflows.table import NotNow

TAKEN_OFF = "taken_off"
"""How it is told to somebody that a colleague took them off the case."""


class DoneBefore(NotNow):
    """A colleague did the same act before: it is not possible any more, and `first` says who, when and what."""

    def __init__(self, first: FirstStep, action: Action) -> None:
        super().__init__(first.state, action, Cause.DONE_BEFORE)
        self.first = first


class LostSight(Stale):
    """Somebody was first, and what they did took the thing out of this person's reach."""


def lost_sight(about: UUID) -> LostSight | None:
    """Return what to tell somebody whose page shows a case, track or handoff that has been taken out of their reach since.

    A colleague took them off the case, or the handoff ended. Of a wall nothing is told.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT action, state, at, agency, colleague FROM lock.lost_sight(%s)", [about])
        row = cursor.fetchone()
    if row is None:
        return None
    action, state, at, agency_id, colleague_id = row
    agency = Agency.objects.filter(pk=agency_id).values_list("name", flat=True).first()
    colleague = User.objects.filter(pk=colleague_id or 0).values_list("full_name", flat=True).first()
    return LostSight(0, FirstStep(colleague or agency or "", action, state, at, ()))


def was_first(person_id: int | None, state: str, at: datetime, *words: tuple[str, str]) -> DoneBefore:
    """Return what to raise where a colleague did the same act before: who, when, and what they wrote with it."""
    name = User.objects.filter(pk=person_id or 0).values_list("full_name", flat=True).first()
    said = tuple((part, text) for part, text in words if text)
    action = acting().action
    return DoneBefore(FirstStep(name or "", action, state, at, said), action)
