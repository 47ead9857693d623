"""What happens around every page: headers, no uploads, and who acts."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import url_str_to_user_pk
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation
from django.utils.translation import gettext as _

from permissions.announcing import announced_as
from permissions.circumstances import Circumstances, circumstances
from permissions.selectors import actor_in_session
from web.asking import is_readable
from web.idle import is_over
from web.requests import MEMBERSHIP, StaffRequest, client_of
from web.views.errors import unreadable

Answer = Callable[[HttpRequest], HttpResponse]
STATIC = "/static/"


def headers(get_response: Answer) -> Answer:
    """Forbid every cache to store a page, and turn off browser features that no page needs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(STATIC):
            response["Cache-Control"] = "no-store"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), clipboard-read=()"
        return response

    return middleware


LOCKED_SECONDS = int(settings.AXES_COOLOFF_TIME * 3600)
"""For how long a name that was locked at an address stays so."""
METHODS = ("GET", "HEAD", "POST")


def known_methods(get_response: Answer) -> Answer:
    """Refuse every method that no page has: drawing a page for it would say that something was done."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    return middleware


def no_multipart(get_response: Answer) -> Answer:
    """Refuse uploads before anything reads them: there is nowhere to put one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.content_type not in {"", "application/x-www-form-urlencoded", "text/plain"} and request.method == "POST":
            return HttpResponse(_("Schakel takes no files."), status=415, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


def readable_cookies(get_response: Answer) -> Answer:
    """Leave out cookies that we cannot have written, so that no escaped control character reaches a table."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if is_readable(value)}
        return get_response(request)

    return middleware


def readable(get_response: Answer) -> Answer:
    """Answer an address with control characters in a sentence, before anything looks for what it names."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if all(is_readable(name) and all(map(is_readable, values)) for name, values in request.GET.lists()):
            return get_response(request)
        return unreadable(request)

    return middleware


def _strength(request: HttpRequest, person_id: str | None) -> str:
    """Return how the person of this session signed in; nothing where nobody has."""
    records = get_authentication_records(request, get_user_model()(pk=int(person_id))) if person_id else []
    said = {record["method"] for record in records}
    return "two_factor" if "mfa" in said else "password" if said else ""


def staff(get_response: Answer) -> Answer:
    """Find who acts, in which membership, in one statement; and speak their language."""

    def middleware(request: StaffRequest) -> HttpResponse:
        request.actor, request.memberships, request.slowed_for = None, 0, 0
        person_id = request.session.get("_auth_user_id")
        if person_id and is_over(request.session):
            request.session.flush()
            person_id = None
        if person_id and not request.path.startswith(STATIC):
            chosen = request.session.get(MEMBERSHIP)
            request.actor, request.memberships = actor_in_session(int(person_id), chosen, request.session)
        language = request.actor.language if request.actor else request.COOKIES.get("language", "nl")
        around = circumstances.set(Circumstances(_strength(request, person_id), client_of(request), uuid4()))
        try:
            with translation.override(language if language in {"nl", "en"} else "nl"):
                response = get_response(request)
                response.headers["Content-Language"] = translation.get_language()
                if request.slowed_for:
                    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
                if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                    response.headers["Retry-After"] = str(request.slowed_for or LOCKED_SECONDS)
                return response
        finally:
            circumstances.reset(around)

    return middleware  # type: ignore[return-value]  # every request becomes a StaffRequest here


ACCOUNT = "/account/"


def signing_in(get_response: Answer) -> Answer:
    """On the pages of the sign-in library, tell the database who is signing in: it shows the rows of that person alone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ACCOUNT):
            return get_response(request)
        half_way = (request.session.get(LOGIN_SESSION_KEY) or {}).get("user_pk")
        said = request.session.get("_auth_user_id") or (url_str_to_user_pk(half_way) if half_way else None)
        with announced_as(int(said) if said else None):
            return get_response(request)

    return middleware
