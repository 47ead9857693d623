"""What every page's frame shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from permissions.decision import roles_for
from permissions.vocabulary import Action, AgencyKind
from web.carrying import drawn_as

NAVIGATION = (
    ("worklist", Action.SEE_CASE),
    ("worklist", Action.CONFIRM_BASIS),
    ("worklist", Action.MANAGE_AGREEMENTS),
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
    ("bases", Action.CONFIRM_BASIS),
    ("worklist", Action.REVIEW_EMERGENCY),
    ("worklist", Action.CLOSE_FINDING),
)
"""The pages of the frame, each with an action that opens it."""
APART = ("search", "ask_emergency", "explain_access")
"""Pages that the frame offers in its bar or at its foot: they are not where somebody's work stands."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return who acts, what the navigation offers them, and the mode of the installation."""
    actor = getattr(request, "actor", None)
    pages = list(dict.fromkeys(name for name, action in NAVIGATION if actor and roles_for(actor, action)))
    if actor and actor.kind is not AgencyKind.POLICE:
        pages = [name for name in pages if name != "visit_plan"]
    if actor and actor.kind is not AgencyKind.VEILIG_THUIS:
        pages = [name for name in pages if name != "new_advice"]
    may_open = bool(actor and roles_for(actor, Action.OPEN_CASE))
    return {
        "actor": actor,
        "drawn": drawn_as(actor),
        "navigation": pages,
        "apart": APART,
        "may_open": may_open,
        "memberships": getattr(request, "memberships", 0),
        "is_demo": settings.MODE == "demo",
    }
