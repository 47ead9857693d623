"""What every page does: it declares its action, is drawn inside the act, and says clearly what went wrong.

A page that only shows is a function under `page`; one that also changes something is an `ActionView`
(web/views/action_page.py).
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from casework.actions.lost_races import LostSight
from casework.actions.perform import read_access
from casework.selectors.keys import Unreadable
from permissions.acting import Busy, DrawnElsewhere, Uncertain, act, check_drawn
from permissions.decision import Actor, Missing, Refused, for_lists, roles_for
from permissions.vocabulary import Action, Role
from web.asking import asked_word
from web.carrying import HELD, carried, difference, drawn_in, sign_in_with
from web.requests import StaffRequest, acting_person
from web.views.errors import busy, not_found, not_now, overtaken, refused, uncertain, unreadable, who_was_first
from workflows.table import NotNow

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


def page(*actions: Action, target: str = "", lists: bool = False) -> Callable[[View], View]:
    """Declare a page that only shows: drawn inside one act, in the first of these actions that the law allows.

    `target` names the argument that holds the id of what is shown. `lists` says that it shows what one role sees: the
    widest of the person's, or the one that they chose.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: StaffRequest, **ids: Any) -> HttpResponse:
            if request.actor is None:
                return to_sign_in(request)
            about = ids.get(target)
            *rather, action = actions
            return guarded(
                request,
                lambda: act(
                    _in_one_role(request, actions[0], lists=lists),
                    action,
                    lambda: view(request, **ids),
                    rather=tuple(rather),
                    about=about,
                    sees=read_access(about),
                ),
            )

        answer.actions = actions  # type: ignore[attr-defined]
        return answer

    return decorate


def _in_one_role(request: StaffRequest, action: Action, *, lists: bool) -> Actor:
    """Return who acts; on a list in the one role that the address asks for, or in the widest."""
    if lists:
        request.whole = acting_person(request)
        request.all_roles = roles_for(acting_person(request), action)
        request.actor = for_lists(acting_person(request), action, asked_word(request, "role", tuple(Role)))
    return acting_person(request)


def guarded(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Turn what the law says into a page; out of reach and absent are the same page."""
    try:
        return work()
    except Unreadable:
        return unreadable(request)
    except (LostSight, Missing) as error:
        return overtaken(request, who_was_first(error.first)) if isinstance(error, LostSight) else not_found(request)
    except Refused as error:
        return refused(request, error.reason)
    except NotNow as error:
        return not_now(request, error.cause)
    except (Busy, Uncertain) as error:
        return busy(request) if isinstance(error, Busy) else uncertain(request)


def guarded_form(request: StaffRequest, actor: Actor, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Take a form as it was drawn for this person in this membership, and turn what the law says into a page."""
    stopped = compare_with_drawing(request, actor) if request.method == "POST" else None
    return stopped or guarded(request, work)


def compare_with_drawing(request: StaffRequest, actor: Actor) -> HttpResponse | None:
    """Compare a form with how it was drawn: one of another membership is not stored, and what was typed is drawn again.

    Where the role or the language differs, the form is drawn again with what was typed, and nothing is done.
    """
    try:
        check_drawn(actor, drawn_in(request).get("membership", ""))
    except DrawnElsewhere as error:
        return carried(request, "membership", switch_to=error.membership)
    if differs := difference(request, actor):
        held = request.POST.copy()
        held[HELD] = differs
        setattr(request, "POST", held)  # noqa: B010 - the field is there to be replaced, its type says otherwise
    return None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page, and back here afterwards; what was typed goes along, for the same person alone.

    Who is signed in and belongs to no organisation any more is told so: signing in again would lead here again.
    """
    if request.user.is_authenticated:
        return render(request, "web/no_membership.html", status=403)
    if request.method == "POST" and request.POST.get("drawn"):
        return sign_in_with(request)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
