"""What an operation was and what it answered: the same request again gets the same answer, any other is refused."""

import hashlib
import hmac
import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from casework.actions.request import ActionResult
from casework.input.dates import written
from casework.input.read import Inputs


def fingerprint(operation: UUID, inputs: Inputs) -> str:
    """Return a keyed mark of what was given.

    The key is the application's and the operation is its salt: who reads the table can neither guess the content nor
    see that two operations were given the same.
    """
    words = json.dumps({part: list(rows) for part, rows in inputs.items()}, default=_word, sort_keys=True)
    return hmac.new(settings.ACTING_KEY, f"operation:{operation}:{words}".encode(), hashlib.sha256).hexdigest()


def _word(value: object) -> str:
    """Return a value as it was given: a year alone is not the last day of that year."""
    return written(value) if isinstance(value, date) and not isinstance(value, datetime) else str(value)


def store_answer(done: ActionResult) -> None:
    """Store what the running operation answers, in its own transaction: ids alone."""
    made = [f"{kind}:{key}" for kind, key in done.made.items()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.store_answer(%s, %s, %s)", [done.case_id, done.id, made])


def done_before(answer: dict[str, Any] | None) -> ActionResult:
    """Return what was answered when this operation was carried out."""
    said = answer or {}
    made = dict(thing.split(":", 1) for thing in said.get("made") or ())
    return ActionResult(_id(said.get("case")), _id(said.get("id")), {kind: UUID(key) for kind, key in made.items()})


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
