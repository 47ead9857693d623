"""What the acting person typed and did not send yet: on the page of its form, and as a list of where there is any."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from casework.input.drafts import Typed, opened
from casework.models import Draft
from permissions.acting import acting
from permissions.prepared import Prepared

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class FoundDraft:
    """What stood in a form, and when that was stored."""

    typed: Typed
    stored_at: datetime


def _draft(*, about: UUID | None) -> QuerySet[Draft, Any]:
    act = acting()
    mine = Draft.objects.filter(membership_id=act.actor.membership_id or NOBODY, action=act.action, about_id=about)
    return mine.values("sealed", "stored_at")


_DRAFT: Prepared[Any] = Prepared(_draft)


def draft_for(about: UUID | None) -> FoundDraft | None:
    """Return the draft of the running action on this; nothing where there is none that can be read.

    It is one's own words: no look at a record, and so no entry.
    """
    row = _DRAFT.first(about=about)
    if row is None:
        return None
    act = acting()
    typed = opened(act.actor.membership_id, act.action, about, row["sealed"])
    return FoundDraft(typed, row["stored_at"]) if typed else None
