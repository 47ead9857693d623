"""What lets data leave an agency, made by its people: agreements, decisions on partnerships, and confirmed bases."""

from collections.abc import Sequence
from uuid import UUID

from casework.access import allow
from casework.actions.handlers import carries_out
from casework.actions.lost_races import was_first
from casework.actions.request import ActionRequest, ActionResult
from casework.input.read import Malformed, Values
from permissions.bases import GROUPS, VALID_FROM, WITHOUT_PERSONAL_DATA, may_ever_share
from permissions.decision import Missing, Refused, Relation, may_approve
from permissions.models import Agency, BasisConfirmation, PartnershipDecision, SharingAgreement
from permissions.reasons import Reason, Rule
from permissions.vocabulary import Action, AgencyKind

Agreed = SharingAgreement | PartnershipDecision


@carries_out(Action.MANAGE_AGREEMENTS)
def manage_agreements(request: ActionRequest) -> ActionResult:
    """Ask for an agreement or a decision; or, given one, put it in force as the second person, or end it."""
    allow(Relation(same_agency=True))
    if request.on is not None:
        _take_only(request, "ending")
        return _second(request, _standing(request))
    for part, ask in (("sharing", _sharing), ("partnership", _partnership)):
        if request.inputs.get(part):
            _take_only(request, part)
            return _ask(request, ask(request, request.given(part)))
    raise Malformed("sharing", "receiver", "required")


def _take_only(request: ActionRequest, part: str) -> None:
    """Refuse parts that this request would not store."""
    if beside := next((other for other, rows in request.inputs.items() if rows and other != part), ""):
        raise Malformed(beside, "", "not_taken_here")


def _ask(request: ActionRequest, row: Agreed) -> ActionResult:
    row.asked_by_id = request.act.actor.person_id
    row.save(force_insert=True)
    return ActionResult(None, row.pk, {"agreement": row.pk})


def _sharing(request: ActionRequest, values: Values) -> SharingAgreement:
    receiver = _others(request, "sharing", "receiver", [values["receiver"]])[0]
    kinds = Agency.objects.filter(pk=receiver).values_list("kind", flat=True)
    if not any(may_ever_share(request.act.actor.kind, AgencyKind(kind)) for kind in kinds):
        raise Malformed("sharing", "receiver", "nothing_carries")
    return SharingAgreement(
        id=request.act.made_id("agreement"),
        sender_id=request.act.actor.agency_id,
        receiver_id=receiver,
        **_dated("sharing", values),
    )


def _partnership(request: ActionRequest, values: Values) -> PartnershipDecision:
    return PartnershipDecision(
        id=request.act.made_id("agreement"),
        agency_id=request.act.actor.agency_id,
        members=_others(request, "partnership", "members", values["members"]),
        citation=values["citation"],
        **_dated("partnership", values),
    )


def _dated(part: str, values: Values) -> Values:
    """Return the groups and days of what is asked; raises Malformed for an unknown group."""
    known = {group for groups in GROUPS.values() for group in groups}
    if not values["groups"] or set(values["groups"]) - known:
        raise Malformed(part, "groups", "no_such_code", ", ".join(sorted(set(values["groups"]) - known)))
    return {"groups": sorted(set(values["groups"])), "starts_on": values["since"], "ends_on": values.get("until")}


def _others(request: ActionRequest, part: str, column: str, chosen: Sequence[int]) -> list[int]:
    """Return the ids of other agencies that may receive personal data; raises Malformed for any other."""
    found = Agency.objects.filter(pk__in=chosen).exclude(kind__in=WITHOUT_PERSONAL_DATA)
    others = sorted(found.exclude(pk=request.act.actor.agency).values_list("pk", flat=True))
    if not chosen or len(others) != len(set(chosen)):
        raise Malformed(part, column, "no_such_receiver")
    return others


def _standing(request: ActionRequest) -> Agreed:
    mine, key = request.act.actor.agency_id, request.target
    row: Agreed | None = SharingAgreement.objects.select_for_update().filter(pk=key, sender_id=mine).first()
    row = row or PartnershipDecision.objects.select_for_update().filter(pk=key, agency_id=mine).first()
    if row is None:
        raise Missing("agreement")
    return row


def _second(request: ActionRequest, row: Agreed) -> ActionResult:
    for values in request.inputs.get("ending", ()):
        row.ends_on = min(values["until"], row.ends_on or values["until"])
        row.save(update_fields=("ends_on",), force_update=True)
        return ActionResult(None, row.pk)
    if row.confirmed_at is not None and row.confirmed_by_id is None:
        raise Malformed("ending", "until", "required")  # in force since the installation was made: it can only be ended
    if row.confirmed_at is not None:
        raise was_first(row.confirmed_by_id, "confirmed", row.confirmed_at)
    if not may_approve(request.act.actor.person_id, row.asked_by_id or 0, None):
        raise Refused(Reason(Rule.NOT_BY_ASKER, request.act.action))
    row.confirmed_by_id, row.confirmed_at = request.act.actor.person_id, request.act.moment
    row.save(update_fields=("confirmed_by_id", "confirmed_at"), force_update=True)
    return ActionResult(None, row.pk)


@carries_out(Action.CONFIRM_BASIS)
def confirm_basis(request: ActionRequest) -> ActionResult:
    """Say for the agency that a row of the table of bases may be used, or no longer: dated, for this version alone."""
    allow(Relation(same_agency=True))
    request.given("confirmation")
    rows = [_confirmation(request, place, values) for place, values in enumerate(request.inputs["confirmation"])]
    BasisConfirmation.objects.bulk_create(rows)
    return ActionResult(None, rows[0].pk)


def _confirmation(request: ActionRequest, place: int, values: Values) -> BasisConfirmation:
    key: UUID = request.act.made_id("confirmation", place)
    return BasisConfirmation(
        id=key,
        agency_id=request.act.actor.agency_id,
        basis=values["basis"],
        version=VALID_FROM,
        is_confirmed=values["confirmed"],
        made_by_id=request.act.actor.person_id,
        made_at=request.act.moment,
    )
