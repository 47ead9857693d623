"""What somebody typed and did not send yet is stored for them alone, or thrown away: no act, and not on the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from casework.access import allow, reach_case, reach_handoff, reach_track
from casework.actions.perform import own_operation, read_access
from casework.entries.entry import Page
from casework.input.drafts import fit_to_store, sealed
from casework.models.drafts import LONGEST_SEALED
from permissions.acting import act, acting
from permissions.decision import Actor, Relation
from permissions.vocabulary import Action


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """Where a draft belongs: the form of one action, on a page of this kind, about one thing or about nothing."""

    action: Action
    page: Page
    about: UUID | None = None


class StoredDraft(NamedTuple):
    """What came of storing a draft."""

    at: datetime | None
    """When it was stored; nothing where nothing was."""
    left_out: tuple[str, ...]
    """The fields of which nothing is stored, by name; all of them where the whole is too large."""


def store_draft(actor: Actor, place: DraftPlace, typed: Mapping[str, Sequence[str]], sent: UUID) -> StoredDraft:
    """Store what stands in a form in the place of what stood there; an empty form is no draft.

    `sent` is the operation that the form carries: once that is done there is nothing left to store. Raises Refused or
    Missing where the person may not do the act that the form is for, or not on this.
    """
    action, about = place.action, place.about
    fit, left_out = fit_to_store(action, typed)
    words = sealed(actor.membership_id, action, about, fit)
    if len(words) > LONGEST_SEALED:
        return StoredDraft(None, tuple(fit))
    operation = own_operation(actor, sent)

    def store() -> datetime | None:
        _check_reach(place.page, about)
        is_stored = _stored(about, operation, words) if fit else _dropped(about)
        return acting().moment if is_stored else None

    return StoredDraft(act(actor, action, store, about=about, sees=read_access(about)), left_out)


def drop_draft(actor: Actor, place: DraftPlace) -> None:
    """Throw away the draft of one form; also where its act is not possible any more, or what it is about is out of reach."""
    act(actor, place.action, lambda: _dropped(place.about), about=place.about)


def _check_reach(page: Page, about: UUID | None) -> None:
    """Ask whether the person may do the running action on this; raises Refused or Missing. No look, so no entry."""
    if about is None:
        allow(Relation(same_agency=True))
    elif page is Page.TRACK:
        reach_track(about, lock=False)
    elif page is Page.HANDOFF:
        reach_handoff(about, lock=False)
    else:
        reach_case(about)


def _stored(about: UUID | None, operation: UUID, words: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.store_draft(%s, %s, %s)", [about, operation, words])
        return bool(cursor.fetchone()[0])


def _dropped(about: UUID | None) -> bool:
    """Throw away a draft inside its act; answers no, as nothing is stored by it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.drop_draft(%s)", [about])
    return False
