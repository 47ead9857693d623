"""Who belongs to the acting organisation, what waits for a second administrator, and who was invited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from audit.recording import record_read
from casework.access import allow
from casework.selectors.paging import Page, page_of
from permissions.acting import acting
from permissions.decision import Missing, Relation
from permissions.models import Invitation, MemberChange, Membership, User
from permissions.vocabulary import Role, roles_in

MOST_WAITING = 50
"""How many changes that wait are shown above the list; the oldest wait longest and come first."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One membership: who, as what, from when until when, and how far an invitation is."""

    id: UUID
    name: str
    username: str
    roles: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None
    has_left: bool
    is_oneself: bool
    link: str
    """`open` or `expired` while somebody who was invited set no password; nothing otherwise."""
    link_until: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change that waits for a second administrator: whose, which roles, and who asked when."""

    id: UUID
    kind: str
    name: str
    roles: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    is_mine: bool
    """Whether who looks asked it, and so cannot confirm it."""
    is_oneself: bool


@dataclass(frozen=True, slots=True)
class People:
    """A page of members, and what waits; `more_wait` says that not all of that is shown."""

    page: Page[MemberRow]
    waiting: list[ChangeRow]
    more_wait: bool


def members(after: str) -> People:
    """Return the members of the acting organisation, newest first, those who left after all others; and what waits."""
    allow(Relation(same_agency=True))
    act = acting()
    rows = Membership.objects.filter(agency_id=act.actor.agency_id).select_related("user")
    found = page_of(rows, "starts_at", after, done=Q(ends_at__isnull=False, ends_at__lte=act.moment))
    waiting = _waiting()
    more_wait, waiting = len(waiting) > MOST_WAITING, waiting[:MOST_WAITING]
    shown = [str(row.pk) for row in found.rows] + [str(row.id) for row in waiting]
    record_read("our_people", Membership, "", shown=shown)
    links = _links(row.pk for row in found.rows)
    page = Page([_row(row, links.get(row.pk)) for row in found.rows], found.following)
    return People(page, waiting, more_wait)


def member_for(membership_id: UUID) -> MemberRow:
    """Return one membership of the acting organisation; raises Missing."""
    allow(Relation(same_agency=True))
    rows = Membership.objects.filter(pk=membership_id, agency_id=acting().actor.agency_id).select_related("user")
    row = rows.first()
    if row is None:
        raise Missing("member")
    record_read("member", Membership, row.pk, shown=[str(row.pk)])
    return _row(row, _links([row.pk]).get(row.pk))


def change_for(change_id: UUID) -> ChangeRow:
    """Return one change that waits, or waited, in the acting organisation; raises Missing."""
    allow(Relation(same_agency=True))
    found = _changes(MemberChange.objects.filter(pk=change_id, agency_id=acting().actor.agency_id))
    if not found:
        raise Missing("change")
    record_read("member_change", MemberChange, change_id, shown=[str(change_id)])
    return found[0]


def roles_to_give() -> list[str]:
    """Return the roles that somebody of the acting organisation can have."""
    return [str(role) for role in roles_in(acting().actor.kind)]


def _waiting() -> list[ChangeRow]:
    rows = MemberChange.objects.filter(agency_id=acting().actor.agency_id, done_at=None, withdrawn_at=None)
    return _changes(rows.order_by("asked_at", "pk")[: MOST_WAITING + 1])


def _changes(rows: Iterable[MemberChange]) -> list[ChangeRow]:
    rows, me = list(rows), acting().actor.person_id
    asked = User.objects.filter(pk__in=[row.asked_by_id for row in rows])
    names: dict[int | None, str] = dict(asked.values_list("pk", "full_name"))
    return [
        ChangeRow(
            id=row.pk,
            kind=row.kind,
            name=row.full_name,
            roles=_in_order(row.roles),
            asked_by=names.get(row.asked_by_id, ""),
            asked_at=row.asked_at,
            is_mine=row.asked_by_id == me,
            is_oneself=row.person_id == me,
        )
        for row in rows
    ]


def _in_order(roles: Iterable[str]) -> tuple[str, ...]:
    held = set(roles)
    return tuple(str(role) for role in Role if role in held)


def _links(memberships: Iterable[UUID]) -> dict[UUID, Invitation]:
    """Return the link of each membership that was not used nor replaced."""
    rows = Invitation.objects.filter(membership_id__in=list(memberships), used_at=None, withdrawn_at=None)
    return {row.membership_id: row for row in rows}


def _row(row: Membership, link: Invitation | None) -> MemberRow:
    act = acting()
    has_left = row.ends_at is not None and row.ends_at <= act.moment
    state = "" if link is None or has_left else "open" if link.expires_at > act.moment else "expired"
    return MemberRow(
        id=row.pk,
        name=row.user.full_name,
        username=row.user.username,
        roles=_in_order(row.roles),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        has_left=has_left,
        is_oneself=row.user_id == act.actor.person_id,
        link=state,
        link_until=link.expires_at if link else None,
    )
