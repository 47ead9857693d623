"""Asking whether another agency knows a person, and answering: the asker learns only that the request is recorded."""

from audit.recording import record_act
from casework.access import allow, within_reach
from casework.actions.handlers import carries_out
from casework.actions.lost_races import was_first
from casework.actions.request import ActionRequest, ActionResult
from casework.input.person_names import is_enough, ranges_of
from casework.input.read import Malformed
from casework.lock import grants
from casework.models import KnownCheck
from casework.selectors.searching import PROMPTED_FROM
from casework.selectors.searching import search_own as find
from permissions.decision import Missing, Relation
from permissions.vocabulary import Action


@carries_out(Action.SEARCH_OWN)
def search_own(request: ActionRequest) -> ActionResult:
    """Search, for a story that only needs that it was done; the pages show what the selector finds."""
    rows = request.inputs.get("search", ())
    if not rows:
        raise Malformed("search", "words", "required")
    find(rows[0]["words"], rows[0].get("why", ""))
    return ActionResult()


@carries_out(Action.CHECK_KNOWN)
def check_known(request: ActionRequest) -> ActionResult:
    """Ask whoever knows this person, by names and birth date as far as known; hit and miss are answered alike."""
    rows = request.inputs.get("known", ())
    if not rows:
        raise Malformed("known", "family_name", "required")
    allow(Relation(same_agency=True))
    lately = grants.searches_lately()
    if lately >= PROMPTED_FROM and not rows[0].get("why"):
        raise Malformed("known", "why", "many_searches")
    asked = (rows[0]["family_name"], rows[0].get("given_names", ""), rows[0].get("birth_date"))
    if not is_enough(*asked):
        raise Malformed("known", "birth_date", "too_little_known")
    made = request.act.made_id("known")
    record_act("consult", "check_known", KnownCheck, made, record_agency=request.act.actor.agency_id)
    grants.ask_known(made, ranges_of(*asked), rows[0]["text"])
    grants.many_searches(lately)
    return ActionResult(None, made)


@carries_out(Action.ANSWER_KNOWN_CHECK)
def answer_known_check(request: ActionRequest) -> ActionResult:
    """Answer what another agency asked: a code, with words where they help."""
    rows = request.inputs.get("known_answer", ())
    if not rows:
        raise Malformed("known_answer", "code", "required")
    row = KnownCheck.objects.select_for_update().filter(pk=within_reach("known_check", request.target)).first()
    if row is None:
        raise Missing("question")
    allow(Relation(same_agency=row.agency_id == request.act.actor.agency_id))
    if row.answered_at is not None:
        raise was_first(row.answered_by_id, row.answer, row.answered_at, ("known_answer", row.answer_reason))
    row.answer, row.answer_reason = rows[0]["code"], rows[0].get("text", "")
    row.answered_by_id, row.answered_at = request.act.actor.person_id, request.act.moment
    row.save(update_fields=("answer", "answer_reason", "answered_by_id", "answered_at"), force_update=True)
    return ActionResult(None, row.pk)
