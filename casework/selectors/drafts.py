"""What the acting person typed and did not send yet: on the page of its form, and as a list of where there is any."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from casework.input.drafts import Typed, opened
from casework.models import Draft, Handoff, Participation
from casework.selectors.keys import written_key
from casework.selectors.paging import Page
from permissions.acting import acting
from permissions.prepared import Prepared
from permissions.vocabulary import Action

NOBODY = UUID(int=0)
LISTED = 5
"""How many drafts stand on the list of work at once."""


@dataclass(frozen=True, slots=True)
class FoundDraft:
    """What stood in a form, and when that was stored."""

    typed: Typed
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class DraftLine:
    """Where somebody left a draft: for which action, on what, and by what that is called; never a word of it."""

    action: Action
    about: UUID | None
    kind: str
    """What it is about: a case, a track or a handoff; nothing for an intake."""
    called: str
    """The reference of the case, or the number of the handoff, as the person may see it."""
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


def _drafts(*, before: datetime | None, number: UUID | None) -> QuerySet[Draft, Any]:
    who = acting().actor
    mine = Draft.objects.filter(membership_id=who.membership_id or NOBODY)
    if before is not None and number is not None:
        mine = mine.filter(Q(stored_at__lt=before) | Q(stored_at=before, pk__lt=number))
    cases = Participation.objects.filter(content_object_id=OuterRef("case_id"), group_id=who.agency)
    handoffs = Handoff.objects.filter(pk=OuterRef("about_id"))
    said = mine.annotate(reference=Subquery(cases.values("reference")[:1]), number=Subquery(handoffs.values("number")[:1]))
    rows = said.order_by("-stored_at", "-pk").values(
        "pk", "action", "about_id", "case_id", "reference", "number", "stored_at"
    )
    return rows[: LISTED + 1]


_DRAFTS: Prepared[Any] = Prepared(_drafts)


def own_drafts(after: tuple[int, datetime, UUID] | None = None) -> Page[DraftLine]:
    """Return where the acting person left drafts, the last first, and the key of those that follow."""
    _rank, before, number = after or (0, None, None)
    rows = _DRAFTS.rows(before=before, number=number)
    shown = [_line(row) for row in rows[:LISTED]]
    following = written_key(0, shown[-1].stored_at, rows[LISTED - 1]["pk"]) if len(rows) > LISTED else ""
    return Page(shown, following)


def _line(row: dict[str, Any]) -> DraftLine:
    about = row["about_id"]
    kind = "" if about is None else "handoff" if row["number"] else "case" if about == row["case_id"] else "track"
    return DraftLine(Action(row["action"]), about, kind, row["number"] or row["reference"] or "", row["stored_at"])
