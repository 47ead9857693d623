"""What the acting person typed and did not send yet: on the page of its form, and as a list of where there is any."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.input.drafts import Typed, opened
from casework.models import Draft
from permissions.acting import acting

@dataclass(frozen=True, slots=True)
class FoundDraft:
    """What stood in a form, and when that was stored."""

    typed: Typed
    stored_at: datetime


def draft_for(about: UUID | None) -> FoundDraft | None:
    """Return the draft of the running action on this; nothing where there is none that can be read.

    It is one's own words: no look at a record, and so no entry.
    """
    act = acting()
    membership = act.actor.membership_id
    mine = Draft.objects.filter(membership_id=membership, action=act.action, about_id=about)
    row = mine.values_list("sealed", "stored_at").first()
    typed = opened(membership, act.action, about, row[0]) if row else {}
    return FoundDraft(typed, row[1]) if row and typed else None
