"""The call after a warning: made, or tried on two dates; one try alone ends nothing (docs/law.md section 2)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from casework.input.read import Malformed, local_today
from casework.models import StoredFact, Track

CALLS = 2
"""So many tries, each with its date, count as a call that was made."""
PART = "welfare_call"


def is_called(row: StoredFact) -> bool:
    """Whether a row says by itself that the call is done: made, or tried on both of its dates."""
    return row.code == "made" or row.until_date is not None


def check_calls(inputs: Mapping[str, Sequence[Mapping[str, Any]]], track: Track | None) -> None:
    """Refuse a second try without its date, before the first or still to come; the first may have been stored before."""
    rows = inputs.get(PART, ())
    tries = [values for values in rows if values["code"] == "attempted_twice"]
    for values in tries:
        first, again = values["date"], values.get("again")
        if again is None and len(tries) < CALLS and not _was_tried(track, first):
            raise Malformed(PART, "again", "required")
        if again is not None and again < first:
            raise Malformed(PART, "again", "too_early")
        if again is not None and again > local_today():
            raise Malformed(PART, "again", "too_late")


def _was_tried(track: Track | None, day: date) -> bool:
    """Whether an earlier try of this round is stored, of this day or before it."""
    if track is None:
        return False
    return StoredFact.objects.filter(track_id=track.pk, round=track.round, fact=PART, on_date__lte=day).exists()
