"""Who is signed in, and in which membership they act."""

from collections.abc import MutableMapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY
from django.db import connection
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from permissions.decision import Actor
from permissions.models import Membership, User
from permissions.signing import signed_now
from permissions.vocabulary import AgencyKind, Role


class _Standing(NamedTuple):
    """A membership of a person, whether it runs, and what a session stores of their password."""

    membership_id: UUID
    agency_id: int
    roles: list[str]
    runs: bool
    starts_at: datetime
    name: str
    language: str
    hash: str
    kind: str
    agency: str
    controller: str

    def actor(self, person_id: int) -> Actor:
        """Return who acts in this membership."""
        return Actor(
            person_id=person_id,
            agency_id=self.agency_id,
            kind=AgencyKind(self.kind),
            roles=tuple(role for role in Role if role in self.roles),
            membership_id=self.membership_id,
            name=self.name,
            agency_name=self.agency,
            controller=self.controller,
            language=self.language,
        )


def _memberships(person_id: int) -> list[_Standing]:
    """Return every membership that a person has or had; no act is open yet, so the database checks our signature instead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM lock.memberships(%s, %s)", signed_now("memberships", person=person_id))
        return [_Standing(*row) for row in cursor.fetchall()]


def _running(person_id: int) -> list[_Standing]:
    return [row for row in _memberships(person_id) if row.runs]


def actor_in_session(person_id: int, chosen: str | None, session: MutableMapping[str, Any]) -> tuple[Actor | None, int]:
    """Return who acts in this session and how many memberships run; nobody when the sign-in no longer holds.

    One statement. A changed password, an inactive person or an ended membership ends the session's power at once.
    """
    rows = _running(person_id)
    if not rows:
        return None, 0
    stored = str(session.get(HASH_SESSION_KEY, ""))
    if not constant_time_compare(stored, User(password=rows[0].hash).get_session_auth_hash()):
        return None, 0
    found = next((row for row in rows if str(row.membership_id) == chosen), rows[0])
    return found.actor(person_id), len(rows)


def memberships_of(person_id: int) -> list[tuple[UUID, str, tuple[str, ...]]]:
    """Return the memberships in which a person could act now: id, agency and roles."""
    return [(row.membership_id, row.agency, tuple(row.roles)) for row in _running(person_id)]


def actor_for(person_id: int, membership_id: UUID) -> Actor | None:
    """Return who the person is in one of their running memberships."""
    return next((row.actor(person_id) for row in _running(person_id) if row.membership_id == membership_id), None)


def actor_at(person_id: int, agency_id: int) -> Actor:
    """Return who a person is at an agency, in the newest membership that runs, or in the newest that they had there.

    Whether it runs is asked at the act: the database refuses an act in a membership that ended.
    """
    there = [row for row in _memberships(person_id) if row.agency_id == agency_id]
    return max(there, key=lambda row: (row.runs, row.starts_at)).actor(person_id)


def members_of(agency_id: int | None, moment: datetime, roles: Sequence[Role] = ()) -> list[tuple[int, str]]:
    """Return the people whose membership of an agency runs at a moment, by name; with roles, those who have one of them."""
    rows = Membership.objects.running(moment).filter(Q(roles__overlap=list(roles)) if roles else Q(), agency_id=agency_id)
    return list(rows.order_by("user__full_name").values_list("user_id", "user__full_name").distinct())
