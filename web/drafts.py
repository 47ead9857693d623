"""Drafts on pages: a form that is not sent yet is stored for who typed it, and stands on its page when they come back.

A form posts its draft to its own address, so that everything that is asked of the form is asked of its draft: who is
signed in, in which membership it was drawn, and that it comes from a page of ours.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.actions.drafts import DraftPlace, StoredDraft, drop_draft, store_draft
from casework.selectors.drafts import DraftLine, draft_for
from permissions.decision import Actor
from permissions.vocabulary import Action
from web.carrying import HELD, Restored
from web.idle import LEFT, seconds_left
from web.requests import operation_of
from web.templatetags.words import clock
from web.words import label

STORE, STORE_QUIETLY, DROP = "draft", "draft_quietly", "drop_draft"
"""What a form asks to be done with it where it is not sent (its field `do`)."""
DOES = frozenset({STORE, STORE_QUIETLY, DROP})


def answer_draft(request: HttpRequest, actor: Actor, place: DraftPlace) -> HttpResponse | None:
    """Store or throw away a draft, as the form asks; nothing where the form is to be drawn again.

    Where not all of it could be stored the form is drawn again with what was typed: what was left out is lost nowhere.
    """
    do = request.POST["do"]
    if do == DROP:
        drop_draft(actor, place)
        messages.success(request, _("The draft is thrown away."))
        return redirect(request.path)
    stored = store_draft(actor, place, dict(request.POST.lists()), operation_of(request))
    if do == STORE_QUIETLY:
        return JsonResponse({"line": _line(stored)}, headers={LEFT: str(seconds_left(request.session))})
    if stored.left_out:
        _hold(request)
        return None
    messages.success(request, _line(stored))
    return HttpResponseRedirect(request.get_full_path())


def _line(stored: StoredDraft) -> str:
    """Return the line that says when a draft was stored, and what is not in it."""
    said = _("Draft stored at %(time)s.") % {"time": clock(stored.at)} if stored.at else ""
    if not stored.left_out:
        return said or _("There is nothing to store as a draft.")
    names = ", ".join(label(name.replace("-", ".", 1)) for name in stored.left_out)
    left = _("Not stored as a draft: %(fields)s. A link, a code or too much text does not go into one.")
    return f"{said} {left % {'fields': names}}".strip()


def _hold(request: HttpRequest) -> None:
    held = request.POST.copy()
    held[HELD] = STORE
    setattr(request, "POST", held)  # noqa: B010 - the field is there to be replaced, its type says otherwise


def restore_draft(request: HttpRequest, about: UUID | None) -> datetime | None:
    """Let the running page draw its form as its draft has it; returns when that was stored, nothing where there is none.

    What the address of the page fills in is drawn where the draft says nothing of it. Where it says something else, the
    page is about another choice than the draft was, and the draft stays where it is.
    """
    found = draft_for(about)
    if found is None:
        return None
    filled_in = {name: values for name, values in request.GET.lists() if "-" in name}
    if any(values != found.typed[name] for name, values in filled_in.items() if name in found.typed):
        return None
    drawn = Restored(mutable=True)
    for name, values in (filled_in | found.typed).items():
        drawn.setlist(name, values)
    setattr(request, "POST", drawn)  # noqa: B010 - the field is there to be replaced, its type says otherwise
    return found.stored_at


OWN_PAGES = {Action.OPEN_CASE: "new_referral", Action.RECORD_ADVICE: "new_advice"}
"""The pages of forms that are about nothing yet."""


def draft_links(rows: Iterable[DraftLine]) -> list[tuple[DraftLine, str]]:
    """Return where somebody left drafts, each with the address of its page."""
    return [(row, _address(row)) for row in rows]


def _address(row: DraftLine) -> str:
    return reverse(f"{row.kind}_{row.action}", args=[row.about]) if row.kind else reverse(OWN_PAGES[row.action])
