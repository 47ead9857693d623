"""Advice: counsel without a case, and without any data about the people it concerns (docs/law.md; domain code ADVICE)."""

from casework.actions.request import Deed, Done
from casework.input.read import Malformed
from casework.models import Advice
from permissions.vocabulary import AgencyKind
from workflows.table import NotNow


def record_advice(deed: Deed) -> Done:
    """Record advice that was given, in codes; the asker's name only with their consent."""
    if deed.act.actor.kind is not AgencyKind.VEILIG_THUIS:
        raise NotNow("no_advice_here", deed.act.action)
    if not deed.inputs.get("advice"):
        raise Malformed("advice", "asker", "required")
    rows = []
    for place, values in enumerate(deed.inputs["advice"]):
        if values.get("name") and not values.get("consent"):
            raise Malformed("advice", "name", "needs_consent")
        rows.append(
            Advice(
                id=deed.act.made_id("advice", place),
                agency_id=deed.act.actor.agency_id,
                made_by_id=deed.act.actor.person_id,
                made_at=deed.act.moment,
                given_on=values["date"],
                asker=values["asker"],
                asker_name=values.get("name", ""),
                subject=values["subject"],
                advice=values["advice"],
            ),
        )
    Advice.objects.bulk_create(rows)
    return Done(None, rows[0].pk)
