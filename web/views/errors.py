"""Pages for what went wrong: one clear sentence each."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from casework.actions.lost_races import TAKEN_OFF
from casework.facts.first_steps import FirstStep
from permissions.acting import Uncertain, record_unknown_request
from permissions.decision import Actor
from permissions.reasons import Reason
from web.carrying import carried, sign_in_with, typed
from web.templatetags.words import day
from web.words import cause_in_words, label, reason_in_words
from workflows.causes import Cause

THOUSAND = 1_000
NOT_SENT_AGAIN = ("csrfmiddlewaretoken", "password", "login")


def refused(request: HttpRequest, reason: Reason) -> HttpResponse:
    """Say that this may not be done, and by which rule where that may be told."""
    said = [reason_in_words(reason)] if reason.is_told else []
    text = " ".join([_("You may not do this. The try has been recorded."), *said])
    return _said(request, _("Not allowed"), text, 403)


def _said(request: HttpRequest, title: str, text: str, status: int) -> HttpResponse:
    """Draw a page for what went wrong; whatever was typed stands on it."""
    return render(request, "web/error.html", {"title": title, "text": text, "typed": typed(request)}, status=status)


def not_now(request: HttpRequest, cause: Cause) -> HttpResponse:
    """Say why this is not possible now; nobody is accused of anything."""
    return _said(request, _("Not now"), cause_in_words(cause), 409)


def overtaken(request: HttpRequest, why: str) -> HttpResponse:
    """Say who was first, where the page itself has nothing to show any more."""
    return _said(request, _("Somebody was first"), why, 409)


def who_was_first(first: FirstStep | None) -> str:
    """Say who did what when, and what they wrote with it."""
    if first is None:
        return _("Somebody changed this meanwhile. Look again, then decide.")
    if first.state == TAKEN_OFF:
        text = _("%(who)s took you off this case, %(at)s. Nothing of what you sent is stored: copy it from here.")
        return text % {"who": first.who, "at": day(first.at)}
    said = {"who": first.who, "action": label(first.action), "at": day(first.at), "state": label(first.state)}
    text = _("%(who)s was first: %(action)s, %(at)s. It is now: %(state)s.") % said
    words = [_("They wrote (%(what)s): “%(text)s”") % {"what": label(part), "text": text} for part, text in first.words]
    return " ".join([text, *words, _("Nothing of what you sent is stored.")])


def busy(request: HttpRequest) -> HttpResponse:
    """Say that others work on the same thing at this moment."""
    text = _("Somebody else is working on the same thing at this moment. Nothing was stored; please send it again.")
    return _said(request, _("Somebody is busy here"), text, 503)


def uncertain(request: HttpRequest) -> HttpResponse:
    """Say that nobody knows yet whether this was stored, and let the very same be sent again: it has one effect."""
    sent = [(name, value) for name in request.POST for value in request.POST.getlist(name) if name not in NOT_SENT_AGAIN]
    context = {"typed": typed(request), "sent": sent, "path": request.get_full_path()}
    return render(request, "web/uncertain.html", context, status=503)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say the same for what is absent and for what is out of reach."""
    text = _("There is nothing here that you can open.")
    return _said(request, _("Not found"), text, 404)


def unknown_address(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say the same for an address that is no page; the try stands on the trail, the address does not."""
    _record_unknown_request(request, "unknown_address")
    return not_found(request, exception)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that what was asked cannot be read; the try stands on the trail, what was asked does not."""
    if request.method == "POST" and isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return too_much(request)
    _record_unknown_request(request, "unreadable_address")
    text = _("This address cannot be read. Go back and choose again; nothing was changed.")
    return render(request, "web/error.html", {"title": _("Address cannot be read"), "text": text}, status=400)


def too_much(request: HttpRequest) -> HttpResponse:
    """Say of a form that is larger than is safe to read how much too large it is; it still stands in the browser."""
    _record_unknown_request(request, "form_too_large")
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    over = max(int(request.META.get("CONTENT_LENGTH") or 0) - most, 0)
    said = {"over": f"{-(-over // THOUSAND):,}".replace(",", "."), "most": f"{most // THOUSAND:,}".replace(",", ".")}
    text = _(
        "What you sent is %(over)s thousand characters too long: at most %(most)s thousand are taken at once. Nothing was"
        " stored. Go back in your browser: what you typed still stands there. Send it in parts."
    )
    if not over:
        text = _("What you sent has too many fields. Nothing was stored. Go back in your browser and send it in parts.")
    return render(request, "web/error.html", {"title": _("Too much at once"), "text": text % said}, status=413)


def _record_unknown_request(request: HttpRequest, word: str) -> None:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None:
        record_unknown_request(actor, word)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault, and that nothing was half done; where that is not known, say so."""
    if isinstance(sys.exc_info()[1], Uncertain):
        return uncertain(request)
    text = _("Something went wrong on our side. Nothing was changed; please try again.")
    return _said(request, _("Something went wrong"), text, 500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old, and go on with what was typed; the try stands on the trail.

    What came from another site is not shown again. Where the session is gone too, as with all cookies, it is carried
    through the sign-in, for the same person alone.
    """
    _record_unknown_request(request, "form_expired")
    if typed(request) and not reason.startswith(("Origin", "Referer")):
        if getattr(request, "actor", None):
            return carried(request, "expired", status=403)
        if request.POST.get("drawn"):
            return sign_in_with(request)
    text = _("This form has expired. Go back, reload the page and try again.")
    return render(request, "web/error.html", {"title": _("Form expired"), "text": text}, status=403)
