"""While somebody signs in, no act is open yet: the sign-in service runs the few statements that the sign-in library makes.

Each statement is signed for one person, so that it finds the rows of that person alone
(permissions/people.py).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

from permissions.acting import acting_briefly, is_acting
from permissions.decision import Actor
from permissions.installing import signing_in, system_actor
from permissions.vocabulary import Action, Role

_announced: ContextVar[int | None] = ContextVar("announced", default=None)
_OF_SIGN_IN = re.compile(r'"(mfa_|account_|axes_|permissions_user")')
"""Tables whose rows nobody but the sign-in service sees."""


def announce(person_id: int | None) -> None:
    """Say who is signing in, until the request ends."""
    _announced.set(person_id)


@contextmanager
def announced_as(person_id: int | None) -> Iterator[None]:
    """Let the statements of the sign-in library be those of this person; without a person, those of a visitor."""
    token = _announced.set(person_id)
    try:
        with connection.execute_wrapper(_briefly):
            yield
    finally:
        _announced.reset(token)


def _briefly(execute: Callable[..., Any], query: Any, values: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
    if is_acting() or not _OF_SIGN_IN.search(str(query)):
        return execute(query, values, many, context)
    person_id = _announced.get()
    actor = system_actor(Role.VISITOR)
    if person_id:
        actor = signing_in(Actor(person_id, None, None, (Role.SIGN_IN,), name=""))
    with acting_briefly(actor, actor.roles[0], Action.RECORD_SIGN_IN):
        return execute(query, values, many, context)
