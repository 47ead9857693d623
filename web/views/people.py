"""Who acts: choosing a membership and a language, and whether all is well."""

from http import HTTPStatus
from uuid import UUID

from allauth.account.views import login
from allauth.mfa.base.views import authenticate
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse

from permissions.decision import Actor, roles_for
from permissions.selectors import actor_for, memberships_of
from permissions.services import choose_language, record_switch
from web.carrying import own_address, unsealed
from web.context import NAVIGATION
from web.idle import LEFT, seconds_left
from web.known_devices import remembering, was_left_by_another
from web.pages import compare_with_drawing, to_sign_in
from web.requests import MEMBERSHIP, StaffRequest
from web.words import label


def memberships(request: StaffRequest) -> HttpResponse:
    """Show the memberships in which one could act, and switch: an act on the trail."""
    if request.actor is None:
        return to_sign_in(request)
    if request.method == "POST":
        return _switch(request, request.actor)
    rows = [
        (membership_id, agency, ", ".join(label(role) for role in roles), membership_id == request.actor.membership_id)
        for membership_id, agency, roles in memberships_of(request.actor.person_id)
    ]
    return render(request, "web/memberships.html", {"rows": rows})


def _switch(request: StaffRequest, actor: Actor) -> HttpResponse:
    """Act in the chosen membership from now on; a form that was typed in it is drawn again there."""
    address = own_address(request, request.POST.get("carried_to", ""))
    stopped = None if address else compare_with_drawing(request, actor)
    chosen = actor_for(actor.person_id, _uuid(request.POST.get("membership", "")))
    if chosen is None:
        raise Http404
    if stopped:
        return redirect("memberships")
    record_switch(chosen)
    request.session[MEMBERSHIP] = str(chosen.membership_id)
    return HttpResponseRedirect(address, preserve_request=True) if address else redirect("home")


@remembering
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in; what the same person typed before the session ended is drawn again, after a second factor if one is asked."""
    answer: HttpResponse = login(request)
    text = request.POST.get("carried", "")
    if text and answer.headers.get("Location", "").startswith(reverse("mfa_authenticate")):
        request.method = "GET"  # drawn here and now: a redirect would leave behind what travels in the page
        answer = authenticate(request)
    return _settled(request, _carrying_on(request, answer, text))


def _settled(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Send whoever signs in where somebody else was signed in last to the first page, not to where the other left off.

    Else the page would ask in their name for what only the other may see, and the trail would say that they tried.
    """
    leads_on = request.user.is_authenticated and answer.status_code == HTTPStatus.FOUND
    return redirect("home") if leads_on and was_left_by_another(request) else answer


@remembering
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor; what the same person typed before the session ended is drawn again afterwards."""
    return _settled(request, _carrying_on(request, authenticate(request), request.POST.get("carried", "")))


def _carrying_on(request: HttpRequest, answer: HttpResponse, text: str) -> HttpResponse:
    """Draw again what was typed, for who is signed in; else carry it along on the page that asks who somebody is."""
    if text and request.user.is_authenticated:
        mine = {key for key, _agency, _roles in memberships_of(request.user.pk)}
        return unsealed(request, text, mine) or answer
    if text and isinstance(answer, TemplateResponse) and answer.context_data is not None:
        answer.context_data["carried"] = text
    return answer


def home(request: StaffRequest) -> HttpResponse:
    """Send everybody to the first page of the navigation that they have; without one, say what their role does here."""
    if request.actor is None:
        return to_sign_in(request)
    first = next((name for name, action in NAVIGATION if roles_for(request.actor, action)), None)
    return redirect(first) if first else render(request, "web/first_page.html")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _back(request: StaffRequest) -> HttpResponse:
    """Return to the page on which the language was chosen, with its form; without one, to where one begins."""
    address = own_address(request, request.GET.get("next", ""))
    if not address or request.method != "POST":
        return redirect("home" if request.actor else "account_login")
    has_form = bool(request.POST.get("drawn") or request.POST.get("carried"))
    return HttpResponseRedirect(address, preserve_request=has_form)


def language(request: StaffRequest) -> HttpResponse:
    """Speak Dutch or English from now on; an address that was typed or bookmarked changes nothing and leads home."""
    if request.method != "POST":
        return _back(request)
    chosen = request.POST.get("language", "")
    chosen = chosen if chosen in {"nl", "en"} else "nl"
    if request.actor:
        choose_language(request.actor, chosen)
    response = _back(request)
    response.set_cookie("language", chosen, samesite="Lax", httponly=True, secure=request.is_secure())
    return response


def health(request: StaffRequest) -> HttpResponse:
    """Say that the web process and its database answer; and to who is signed in, for how long they still are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    answer = HttpResponse("ok", content_type="text/plain")
    if request.actor:
        answer.headers[LEFT] = str(seconds_left(request.session))
    return answer
