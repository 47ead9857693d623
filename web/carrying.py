"""Saves what somebody typed when it cannot be stored now: a session that ended, another membership, an expired form.

It travels in the page itself, in hidden fields: never in an address, and never in a session. A sign-in page, which
somebody else may find open on a shared computer, holds it encrypted, and only for the person who typed it.
"""

import json
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from casework.input.parts import PARTS
from casework.input.schema import Kind
from permissions.cipher import box_for
from permissions.decision import Actor
from web.accounts import SignInForm
from web.words import label

HELD = "held"
"""The field that says that a form is only drawn again, and why: nothing of it is stored."""
LONGEST_CARRY = 12 * 3600


class Restored(QueryDict):
    """What stands in a draft, drawn as if it were sent: nothing of it is judged before it is (web/drafts.py)."""


PLAN_FIELDS = frozenset({"lines", "subject", "family", "team"})
"""What is typed on the visit plan beside its table."""


TYPED = frozenset({Kind.TEXT, Kind.SHORT, Kind.DATE, Kind.NUMBER, Kind.NAMES, Kind.CASE})
"""Kinds of values that are typed; the others are chosen."""


def drawn_as(actor: Actor | None) -> str:
    """Return in which membership, roles and language a page is drawn; nothing where nobody is signed in."""
    if actor is None:
        return ""
    return "/".join((str(actor.membership_id or ""), "+".join(sorted(actor.roles)), translation.get_language() or ""))


DRAWN_AS = ("membership", "role", "language")
"""What a form says of how it was drawn, in this order."""


def drawn_in(request: HttpRequest) -> dict[str, str]:
    """Return how a form says that it was drawn; nothing where it does not, as one of a script."""
    then = request.POST.get("drawn", "").split("/")
    return dict(zip(DRAWN_AS, then, strict=True)) if len(then) == len(DRAWN_AS) else {}


def difference(request: HttpRequest, actor: Actor) -> str:
    """Return what changed since the form was drawn in this membership: the role or the language; else nothing."""
    now = zip(DRAWN_AS, drawn_as(actor).split("/"), strict=True)
    return next((name for name, value in now if drawn_in(request).get(name, value) != value), "")


def said_of(why: str) -> str:
    """Return the sentence that tells why a form was drawn again instead of done."""
    sentences = {
        "language": _("The page is in another language now. Nothing is stored yet; what you typed is still here."),
        "role": _("Your roles changed since this form was opened. Nothing is stored; look at it, then send it again."),
        "membership": _(
            "You act again in the membership in which you typed this. Nothing is stored yet: look, then send it."
        ),
        "signed_in": _("You are signed in again. Nothing is stored yet; what you typed is still here."),
        "draft": _(
            "Not all of this is stored as a draft: a link, a code or too much text does not go into one. What you typed"
            " is still here; take that out, then store it again."
        ),
        "expired": _("The form had expired. Nothing is stored yet; what you typed is still here."),
    }
    return sentences.get(why) or _("Nothing is stored yet; what you typed is still here.")


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what somebody typed in a form that came to nothing, or as a draft of it, with what each is called."""
    return _called(_pairs(request)) if request.method == "POST" or isinstance(request.POST, Restored) else []


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    left_out = {"csrfmiddlewaretoken", HELD, "carried_to", "password", "login"}
    return [(name, value) for name in request.POST for value in request.POST.getlist(name) if name not in left_out]


def _called(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    said = [(name, value) for name, value in pairs if value.strip() and not name.startswith("approving-")]
    shown = [(name, value) for name, value in said if "-" in name or name in PLAN_FIELDS]
    return [(label(name.replace("-", ".", 1)), words) for name, value in shown if (words := _in_words(name, value))]


def _in_words(name: str, value: str) -> str:
    """Write one value of a form as its reader says it: a code as a word; of what was chosen by its id, nothing."""
    part, _mark, column_name = name.partition("-")
    column = next((column for column in PARTS.get(part, ()) if column.name == column_name), None)
    if column is None:
        return value
    if column.kind is Kind.YES:
        return _("Yes") if value == "yes" else _("No")
    if column.kind is Kind.CODE:
        return label(f"{part}:{value}")
    return value if column.kind in TYPED else ""


def carried(request: HttpRequest, why: str, *, switch_to: str = "", status: int = 409) -> HttpResponse:
    """Return the page that shows what was typed, and goes on with it: the form is drawn again, and nothing is done."""
    return _page(request, request.get_full_path(), _pairs(request), why, switch_to=switch_to, status=status)


def _page(  # noqa: PLR0913 - the parts of the page
    request: HttpRequest,
    address: str,
    pairs: list[tuple[str, str]],
    why: str,
    *,
    switch_to: str = "",
    status: int = 200,
) -> HttpResponse:
    titles = {
        "membership": _("Opened in another membership"),
        "expired": _("Form expired"),
        "signed_in": _("You are signed in again"),
    }
    elsewhere = _("This form was opened in another membership than the one in which you act now. Nothing is stored.")
    context = {"posted_to": address, "pairs": pairs, "why": why, "title": titles[why], "switch_to": switch_to}
    context |= {"typed": _called(pairs), "text": elsewhere if switch_to else said_of(why)}
    return render(request, "web/carried.html", context, status=status)


def sealed(request: HttpRequest) -> str:
    """Return what was posted, encrypted, with the address it was posted to."""
    said = {"address": request.get_full_path(), "body": urlencode(_pairs(request))}
    return box_for("carried").encrypt(json.dumps(said).encode()).decode()


def sign_in_with(request: HttpRequest) -> HttpResponse:
    """Return the sign-in page, which holds what was typed for the same person alone."""
    return render(request, "account/login.html", {"form": SignInForm(), "carried": sealed(request)}, status=403)


def unsealed(request: HttpRequest, text: str, memberships: set[UUID]) -> HttpResponse | None:
    """Return the page that goes on with what was typed before the session ended; None for another person, or too late."""
    try:
        said = json.loads(box_for("carried").decrypt(text.encode(), ttl=LONGEST_CARRY))
    except (InvalidToken, ValueError):
        return None
    pairs = parse_qsl(said["body"], keep_blank_values=True)
    if dict(pairs).get("drawn", "").split("/")[0] not in {str(key) for key in memberships}:
        return None
    return _page(request, said["address"], pairs, "signed_in")


def own_address(request: HttpRequest, address: str) -> str:
    """Return an address of ours to go back to; nothing where it leads elsewhere."""
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, {request.get_host()})
    return address if ours else ""
