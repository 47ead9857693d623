"""Tells whether an act is open. It is defined here because the trail asks it, and `audit` imports no other app of ours."""

from contextvars import ContextVar
from typing import Any


class NobodyActing(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """A record was asked for outside an act, or a permission of another person than the one who acts."""


running: ContextVar[Any] = ContextVar("acting", default=None)
"""The running act; None where nobody acts."""


def somebody_acts() -> None:
    """Raise NobodyActing outside an act."""
    if running.get() is None:
        raise NobodyActing(OUTSIDE)


OUTSIDE = "nobody is acting: open an act first (permissions.acting.acting_as)"
