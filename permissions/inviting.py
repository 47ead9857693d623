"""The link with which somebody who was added sets their password; nobody acts yet when it is opened."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import connection

from audit.recording import record_act
from permissions.acting import acting, acting_as
from permissions.installing import signing_in
from permissions.models import Invitation, Membership, User
from permissions.rights import INVITED_HOURS
from permissions.selectors import actor_for
from permissions.services import record_sign_in
from permissions.signing import signed_now
from permissions.vocabulary import Action, Role


def token_of(invitation_id: UUID) -> str:
    """Return what stands in the link of an invitation: 256 bits that nobody can make without our key.

    It follows from the id, so that a request that is sent twice shows the same link; only its hash is stored.
    """
    mac = hmac.digest(settings.SECRET_KEY.encode(), f"invitation:{invitation_id}".encode(), hashlib.sha256)
    return urlsafe_b64encode(mac).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Return the SHA-256 of a token, in hexadecimal digits, as it is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(membership: Membership) -> Invitation:
    """Make the link for a member of the acting agency who never signed in; an earlier one is of no use from now on."""
    act = acting()
    withdraw(membership.pk)
    key = act.made_id("invitation", membership.pk)
    return Invitation.objects.create(
        id=key,
        agency_id=membership.agency_id,
        membership=membership,
        token_hash=hash_of(token_of(key)),
        made_by_id=act.actor.person_id,
        made_at=act.moment,
        expires_at=act.moment + timedelta(hours=INVITED_HOURS),
    )


def withdraw(membership_id: UUID) -> None:
    """Let no link of this membership be used any more."""
    open_ones = Invitation.objects.filter(membership_id=membership_id, used_at=None, withdrawn_at=None)
    open_ones.update(withdrawn_at=acting().moment)


class Invited(NamedTuple):
    """Whom a link is for, and whether it can still be used: `open`, `used`, `withdrawn` or `expired`."""

    person_id: int
    membership_id: UUID
    username: str
    full_name: str
    agency: str
    state: str


def invited(token: str) -> Invited | None:
    """Return whom a link is for; nobody where no such link was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM lock.invitation(%s, %s)", signed_now("invitation", hash=hash_of(token)))
        row = cursor.fetchone()
    return Invited(*row) if row else None


def check_password(found: Invited, password: str) -> None:
    """Raise Django's ValidationError where a first password is too easy to guess for this person."""
    validate_password(password, User(username=found.username, full_name=found.full_name))


def use_invitation(found: Invited, token: str, password: str) -> bool:
    """Set the first password of the person whom the link is for; False where somebody used it first, or it is over.

    Both stand on the trail. Whether the password is good enough was asked before (`check_password`).
    """
    actor = actor_for(found.person_id, found.membership_id)
    if actor is None:
        return False
    with acting_as(signing_in(actor), Role.SIGN_IN, Action.RECORD_SIGN_IN), connection.cursor() as cursor:
        cursor.execute("SELECT lock.use_invitation(%s)", [hash_of(token)])
        is_first: bool = cursor.fetchone()[0]
        if is_first:
            User.objects.filter(pk=found.person_id).update(password=make_password(password))
            record_act("govern", "invitation_used", User, found.person_id)
    if not is_first:
        record_refused_link()
    return is_first


def record_refused_link() -> None:
    """Put on the trail that a link was opened which cannot be used; never which."""
    record_sign_in(Role.VISITOR, "invitation_failed", None)
