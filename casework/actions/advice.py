"""Advice: counsel without a case, and without any data about the people it concerns (docs/law.md; domain code ADVICE)."""

from casework.actions.handlers import carries_out
from casework.actions.request import ActionRequest, ActionResult
from casework.input.read import Malformed
from casework.models import Advice
from permissions.vocabulary import Action, AgencyKind
from workflows.causes import Cause
from workflows.table import NotNow


@carries_out(Action.RECORD_ADVICE)
def record_advice(request: ActionRequest) -> ActionResult:
    """Record advice that was given, in codes; the asker's name only with their consent."""
    if request.act.actor.kind is not AgencyKind.VEILIG_THUIS:
        raise NotNow(None, request.act.action, Cause.NO_ADVICE_HERE)
    if not request.inputs.get("advice"):
        raise Malformed("advice", "asker", "required")
    rows = []
    for place, values in enumerate(request.inputs["advice"]):
        if values.get("name") and not values.get("consent"):
            raise Malformed("advice", "name", "needs_consent")
        rows.append(
            Advice(
                id=request.act.made_id("advice", place),
                agency_id=request.act.actor.agency_id,
                made_by_id=request.act.actor.person_id,
                made_at=request.act.moment,
                given_on=values["date"],
                asker=values["asker"],
                asker_name=values.get("name", ""),
                subject=values["subject"],
                advice=values["advice"],
            ),
        )
    Advice.objects.bulk_create(rows)
    return ActionResult(None, rows[0].pk)
