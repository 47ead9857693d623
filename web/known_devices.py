"""Known devices: a browser in which somebody signed in fully is known for them, until their password is another.

Whoever guesses at a name from many addresses slows the name down; on a device that is known, its person passes.
"""

import hmac
import secrets
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.http import HttpRequest, HttpResponse

from permissions.tries import mark_of

COOKIE = "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"
SECONDS = 180 * 24 * 3600
"""How long a device is known without a sign-in."""
PEOPLE = 12
"""Of how many people one device is known: who signed in longest ago leaves first."""
SALT = "known device"


def device_of(request: HttpRequest, username: str) -> str:
    """Return the device on which this person signed in before, under the password that they have now; else nothing."""
    device, marks = _read(request)
    if not marks:
        return ""
    person = get_user_model().signing_in(name=username)
    known = person is not None and any(hmac.compare_digest(mark, _mark(device, person)) for mark in marks)
    return device if known else ""


def was_left_by_another(request: HttpRequest) -> bool:
    """Whether somebody else than who is signed in now signed in last on this device."""
    device, marks = _read(request)
    return bool(marks) and marks[-1] != _mark(device, get_user_model().signing_in(person_id=request.user.pk))


def remembering(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let the device of whoever signs in fully on this page be known for them."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        was_in = request.user.is_authenticated
        response = view(request)
        if request.user.is_authenticated and not was_in:
            _remember(request, response, get_user_model().signing_in(person_id=request.user.pk))
        return response

    return answer


def _remember(request: HttpRequest, response: HttpResponse, person: object) -> None:
    device, marks = _read(request)
    device = device or secrets.token_urlsafe(12)
    mine = _mark(device, person)
    marks = [*(mark for mark in marks if mark != mine), mine]
    value = signing.dumps([device, marks[-PEOPLE:]], salt=SALT)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(COOKIE, value, max_age=SECONDS, httponly=True, secure=secure, samesite="Lax")


def _mark(device: str, person: object) -> str:
    """Return a mark for this person and their password on one device; it reveals neither."""
    key, password = getattr(person, "pk", ""), getattr(person, "password", "")
    return mark_of("known device", device, str(key), password)


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return "", []
    return str(device), list(marks)
