"""What every page's frame shows."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from permissions.decision import roles_for
from permissions.vocabulary import Action, AgencyKind
from web.carrying import drawn_as
from web.idle import seconds_left

NAVIGATION = (
    ("worklist", Action.SEE_CASE),
    ("worklist", Action.CONFIRM_BASIS),
    ("worklist", Action.MANAGE_AGREEMENTS),
    ("team_page", Action.ASSIGN),
    ("search", Action.SEARCH_OWN),
    ("follow_ups", Action.RECORD_REVIEW),
    ("desk", Action.ACKNOWLEDGE_HANDOFF),
    ("questions", Action.ANSWER_KNOWN_CHECK),
    ("visit_plan", Action.SCHEDULE_VISIT),
    ("ask_emergency", Action.ASK_EMERGENCY),
    ("access_review", Action.SEE_ACCESS_LOG),
    ("workbench", Action.ANNOTATE_TRAIL),
    ("verify_trail", Action.VERIFY_TRAIL),
    ("person_report", Action.HANDLE_RIGHTS_REQUEST),
    ("explain_access", Action.EXPLAIN_ACCESS),
    ("oversight", Action.REVIEW_EMERGENCY),
    ("oversight", Action.RAISE_FINDING),
    ("new_advice", Action.RECORD_ADVICE),
    ("agreements", Action.MANAGE_AGREEMENTS),
    ("our_people", Action.MANAGE_PEOPLE),
    ("bases", Action.CONFIRM_BASIS),
    ("worklist", Action.REVIEW_EMERGENCY),
    ("worklist", Action.CLOSE_FINDING),
)
"""The pages of the frame, each with an action that opens it."""
IN_BAR = "search"
AT_FOOT = frozenset({"ask_emergency", "explain_access"})
"""Pages that the frame offers at its foot: they are not where somebody's work stands."""
FRAME = ("home", "search", "language", "memberships", "account_login", "account_logout", "health", "new_referral")
"""The pages to which the frame itself leads."""


@cache
def addresses() -> dict[str, str]:
    """Return the addresses that every page leads to: they are the same for each request."""
    return {name: reverse(name) for name in dict.fromkeys((*FRAME, *(name for name, _ in NAVIGATION)))}


@cache
def screen_lock(_language: str) -> str:
    """Return what warns before a screen locks, and what stands on it then: the same on every page in one language."""
    return render_to_string("web/screen_lock.html", {"at": addresses()})


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return who acts, what the navigation offers them, and the mode of the installation."""
    actor = getattr(request, "actor", None)
    pages = list(dict.fromkeys(name for name, action in NAVIGATION if actor and roles_for(actor, action)))
    if actor and actor.kind is not AgencyKind.POLICE:
        pages = [name for name in pages if name != "visit_plan"]
    if actor and actor.kind is not AgencyKind.VEILIG_THUIS:
        pages = [name for name in pages if name != "new_advice"]
    at = addresses()
    tabs = [(name, at[name]) for name in pages if name != IN_BAR and name not in AT_FOOT]
    may_open = bool(actor and roles_for(actor, Action.OPEN_CASE))
    return {
        "actor": actor,
        "idle_left": str(seconds_left(request.session)) if actor else "",
        "screen_lock": screen_lock(get_language() or "") if actor else "",
        "drawn": drawn_as(getattr(request, "whole", None) or actor),
        "at": at,
        "navigation": tabs,
        "at_foot": [(name, at[name]) for name in pages if name in AT_FOOT],
        "may_search": IN_BAR in pages,
        "may_open": may_open,
        "memberships": getattr(request, "memberships", 0),
        "is_demo": settings.MODE == "demo",
    }
