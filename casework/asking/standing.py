"""How the acting person stands to any object, and what the law lets them do with it: for who asks in Django's words.

The doors of casework/access.py find the relation and `decide` answers; nothing here says yes. What the running act does
not see is answered with no, whether it is hidden or not there, and leaves no trace.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model

from audit.models import Entry
from casework.access import (
    find_case,
    find_handoff,
    find_track,
    oversight_of,
    own_emergencies,
    stands_to_emergency,
    within_reach,
)
from casework.models import Case, Emergency, Export, Finding, Handoff, KnownCheck, Review, Track
from permissions.acting import acting
from permissions.decision import SEEING_NO_CASE, Missing, Relation, decide, roles_for
from permissions.managers import GuardedManager
from permissions.models import Agency, Membership, User
from permissions.vocabulary import Action, Role


@dataclass(frozen=True, slots=True)
class Standing:
    """How the acting person stands to an object, and the roles of theirs that reach it."""

    relation: Relation
    roles: tuple[Role, ...]


def may(action: Action, thing: Model | None) -> bool:
    """Whether the acting person may do this to an object; without one, whether a role of theirs has the act at all."""
    return action in set(_allowed((action,), thing))


def all_allowed(thing: Model | None) -> frozenset[Action]:
    """Return everything that the acting person may do to an object; without one, what their roles have at all."""
    return frozenset(_allowed(tuple(Action), thing))


def _allowed(actions: tuple[Action, ...], thing: Model | None) -> Iterator[Action]:
    act = acting()
    if thing is None:
        yield from (action for action in actions if roles_for(act.actor, action))
        return
    try:
        found = stands_to(thing)
    except Missing:
        return
    for action in actions:
        roles = [role for role in roles_for(act.actor, action) if role in found.roles]
        if any(decide(role, action, found.relation, act.moment).allowed for role in roles):
            yield action


def stands_to(thing: Model) -> Standing:
    """Return how the acting person stands to an object; only its kind and key are believed. Raises Missing."""
    kind: Any = thing.__class__
    try:
        key = kind._meta.pk.to_python(thing.pk)  # noqa: SLF001 - Django's own name for what a key is
    except ValidationError as error:
        raise Missing from error
    if key is None:
        raise Missing
    if kind is Case:
        return _to_case(key)
    return Standing(FINDERS[kind](key) if kind in FINDERS else _to_row(kind, key), acting().actor.roles)


def _to_case(case_id: UUID) -> Standing:
    """Return how one stands to a case: as it is seen, as an emergency opens it, or as one who oversees its agency's part."""
    act = acting()
    try:
        return Standing(find_case(case_id).relation, act.actor.roles)
    except Missing:
        opened = list(own_emergencies(act).filter(case_id=case_id).values_list("agency_id", flat=True))
        if opened:
            return Standing(Relation(emergency=True, same_agency=act.actor.agency_id in opened), act.actor.roles)
        if act.role not in SEEING_NO_CASE:
            raise
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.reach_overseen(%s) IS NOT NULL", [case_id])
        (takes_part,) = cursor.fetchone()
    if not takes_part:
        raise Missing("case")
    return Standing(oversight_of(case_id), tuple(role for role in act.actor.roles if role in SEEING_NO_CASE))


def _to_track(key: UUID) -> Relation:
    found = find_track(key, lock=False)
    opened = own_emergencies(acting()).filter(case_id=found.track.case_id).exists()
    return replace(found.relation, same_agency=bool(found.relation.owner), emergency=opened)


def _to_handoff(key: UUID) -> Relation:
    return find_handoff(key, lock=False).relation


def _row(kind: Any, which: Any, key: object) -> Any:
    row = kind.objects.filter(pk=which(key)).first()
    if row is None:
        raise Missing
    return row


def _by_door(word: str) -> Callable[[UUID], Any]:
    return lambda key: within_reach(word, key)


def _to_known_check(key: UUID) -> Relation:
    row = _row(KnownCheck, _by_door("known_check"), key)
    return Relation(same_agency=row.agency_id == acting().actor.agency_id)


def _to_emergency(key: UUID) -> Relation:
    return stands_to_emergency(_row(Emergency, _by_door("emergency"), key))


def _to_finding(key: UUID) -> Relation:
    return oversight_of(_row(Finding, _by_door("finding"), key).case_id)


def _to_review(key: UUID) -> Relation:
    _row(Review, _by_door("review"), key)
    return oversight_of()


def _to_export(key: UUID) -> Relation:
    _row(Export, _by_door("export"), key)
    return oversight_of()


def _to_entry(key: int) -> Relation:
    _row(Entry, int, key)
    return oversight_of()


def _to_agency(key: int) -> Relation:
    mine, row = acting().actor, _row(Agency, int, key)
    return Relation(same_agency=key == mine.agency_id, same_controller=row.controller == mine.controller)


def _to_person(key: int) -> Relation:
    act = acting()
    rows = Membership.objects.running(act.moment).filter(user_id=key, agency_id=act.actor.agency_id)
    if not rows.exists():
        raise Missing("person")
    return Relation(same_agency=True)


FINDERS: dict[type[Model], Callable[[Any], Relation]] = {
    Track: _to_track,
    Handoff: _to_handoff,
    KnownCheck: _to_known_check,
    Emergency: _to_emergency,
    Finding: _to_finding,
    Review: _to_review,
    Export: _to_export,
    Entry: _to_entry,
    Agency: _to_agency,
    User: _to_person,
}
"""How one stands to each kind of thing that an action is on, beside a case; the words are those of the services."""


def _to_row(kind: Any, key: object) -> Relation:
    """Return how one stands to a row of a record, a package or a grant: as to the handoff or the case that it is of."""
    if not isinstance(getattr(kind, "objects", None), GuardedManager):
        raise Missing
    row = _row(kind, lambda same: same, key)
    if of_handoff := getattr(row, "handoff_id", None):
        return _to_handoff(of_handoff)
    of_case = getattr(row, "content_object_id", None) or getattr(row, "case_id", None)
    if of_case is None:
        raise Missing
    mine = acting().actor.agency_id
    relation = _to_case(of_case).relation
    return relation if getattr(row, "agency_id", mine) == mine else Relation(emergency=relation.emergency)
