"""The days added to the holidays by decree (Algemene termijnenwet art. 3), read once an act: every term counts with them."""

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import date

from casework.models import DecreedDay
from permissions.acting import Acting, acting

_known: ContextVar[tuple[Acting, frozenset[date]] | None] = ContextVar("decreed_days", default=None)


def remember_decreed(days: Iterable[date]) -> None:
    """Remember for the running act the added holidays that were read together with its track or handoff."""
    _known.set((acting(), frozenset(days)))


def decreed_days() -> frozenset[date]:
    """Return the days added by decree."""
    known = _known.get()
    if known is None or known[0] is not acting():
        remember_decreed(DecreedDay.objects.values_list("day", flat=True))
        known = _known.get()
    return known[1] if known else frozenset()
