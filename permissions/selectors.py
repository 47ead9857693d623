"""Who is signed in, and in which membership they act."""

from collections.abc import MutableMapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Coalesce, Now
from django.utils.crypto import constant_time_compare

from permissions.decision import Actor
from permissions.models import Membership
from permissions.services import actor_of
from permissions.vocabulary import Role


def _running(person_id: int) -> list[Membership]:
    rows = Membership.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=Now()),
        user_id=person_id,
        user__is_active=True,
        agency__is_active=True,
        starts_at__lte=Now(),
    )
    return list(rows.select_related("user", "agency").order_by("starts_at", "id"))


def actor_in_session(person_id: int, chosen: str | None, session: MutableMapping[str, Any]) -> tuple[Actor | None, int]:
    """Return who acts in this session and how many memberships run; nobody when the sign-in no longer holds.

    One statement. A changed password, an inactive person or an ended membership ends the session's power at once.
    """
    rows = _running(person_id)
    if not rows:
        return None, 0
    kept = str(session.get(HASH_SESSION_KEY, ""))
    if not constant_time_compare(kept, rows[0].user.get_session_auth_hash()):
        return None, 0
    found = next((row for row in rows if str(row.pk) == chosen), rows[0])
    return actor_of(found), len(rows)


def memberships_of(person_id: int) -> list[tuple[UUID, str, tuple[str, ...]]]:
    """Return the memberships in which a person could act now: id, agency and roles."""
    return [(row.pk, row.agency.name, tuple(row.roles)) for row in _running(person_id)]


def actor_for(person_id: int, membership_id: UUID) -> Actor | None:
    """Return who the person is in one of their running memberships."""
    return next((actor_of(row) for row in _running(person_id) if row.pk == membership_id), None)


def actor_at(person_id: int, agency_id: int) -> Actor:
    """Return who a person is at an agency, in the newest membership that runs, or in the newest that they had there.

    Whether it runs is asked at the act: the database refuses an act in a membership that ended.
    """
    is_over = ExpressionWrapper(Q(ends_at__lte=Now()), BooleanField())
    rows = Membership.objects.filter(user_id=person_id, agency_id=agency_id).select_related("user", "agency")
    found = rows.annotate(is_over=Coalesce(is_over, False)).order_by("is_over", "-starts_at", "id")  # noqa: FBT003 - a value
    return actor_of(found[0])


def members_of(agency_id: int | None, moment: datetime, roles: Sequence[Role] = ()) -> list[tuple[int, str]]:
    """Return the people whose membership of an agency runs at a moment, by name; with roles, those who have one of them."""
    running = Q(ends_at=None) | Q(ends_at__gt=moment)
    running &= Q(roles__overlap=list(roles)) if roles else Q()
    rows = Membership.objects.filter(running, agency_id=agency_id, starts_at__lte=moment)
    return list(rows.order_by("user__full_name").values_list("user_id", "user__full_name").distinct())
