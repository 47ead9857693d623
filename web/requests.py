"""The request of somebody who is signed in, what its form carries, and from where it came."""

from ipaddress import ip_address
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, QueryDict

from permissions.decision import Actor
from permissions.vocabulary import Role

MEMBERSHIP = "membership"
LONGEST_VERSION = 10


class StaffRequest(HttpRequest):
    """A request that knows who acts, and how many memberships they could act in."""

    actor: Actor | None
    memberships: int
    device: str
    """The device from which somebody signs in, where it is known for them (web/known_devices.py)."""
    slowed_for: int
    """For how many seconds no password is looked at, because there were too many (web/sign_in_limits.py); else none."""
    all_roles: tuple[Role, ...]
    """On a list: the roles in which the person could look at it."""
    whole: Actor
    """On a list: who acts, with all their roles; a form on it is drawn for those."""


def acting_person(request: StaffRequest) -> Actor:
    """Return who acts; `page` has seen to it that somebody does."""
    if request.actor is None:
        raise LookupError("nobody is signed in")
    return request.actor


def operation_of(request: HttpRequest) -> UUID:
    """Return the operation id that the form carries, or a new one where it carries none."""
    try:
        return UUID(request.POST.get("operation", ""))
    except ValueError:
        return uuid4()


def version_of(request: HttpRequest) -> int | None:
    """Return the version that the person saw when they opened the form."""
    return version_in(request.POST, "version")


def version_in(data: QueryDict, name: str) -> int | None:
    """Return the version that this field holds; nothing where it is none that there can be."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_VERSION else None


def client_of(request: HttpRequest) -> str:
    """Return the address that a request came from: behind a proxy of ours, what the nearest one says."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        said = request.META.get("HTTP_X_FORWARDED_FOR", said).rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(said.partition("%")[0]))  # a zone is a name of somebody else's, of any form
    except ValueError:
        return ""


def session_of(request: HttpRequest) -> str:
    """Return the key of the session that a form belongs to; before anybody signed in, that of the cookie of its forms."""
    return str(request.session.session_key or request.META.get("CSRF_COOKIE", ""))
