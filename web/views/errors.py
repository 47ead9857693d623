"""Pages for what went wrong: one clear sentence each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from permissions.acting import keep_stray
from permissions.decision import Actor


def refused(request: HttpRequest, status: int = 403) -> HttpResponse:
    """Say that this may not be done here."""
    text = _("You may not do this. The try has been recorded.")
    return render(request, "web/error.html", {"title": _("Not allowed"), "text": text}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say the same for what is absent and for what is out of reach."""
    text = _("There is nothing here that you can open.")
    return render(request, "web/error.html", {"title": _("Not found"), "text": text}, status=404)


def unknown_address(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say the same for an address that is no page; the try stands on the trail, the address does not."""
    _keep_stray(request, "unknown_address")
    return not_found(request, exception)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that what was asked cannot be read; the try stands on the trail, what was asked does not."""
    _keep_stray(request, "unreadable_address")
    text = _("This address cannot be read. Go back and choose again; nothing was changed.")
    return render(request, "web/error.html", {"title": _("Address cannot be read"), "text": text}, status=400)


def _keep_stray(request: HttpRequest, word: str) -> None:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None:
        keep_stray(actor, word)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault, and that nothing was half done."""
    text = _("Something went wrong on our side. Nothing was changed; please try again.")
    return render(request, "web/error.html", {"title": _("Something went wrong"), "text": text}, status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that the form was too old; the try stands on the trail."""
    _keep_stray(request, "form_expired")
    text = _("This form has expired. Go back, reload the page and try again.")
    return render(request, "web/error.html", {"title": _("Form expired"), "text": text}, status=403)
