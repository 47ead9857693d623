"""What lets data leave an agency, made by its people: agreements, decisions on partnerships, and confirmed bases."""

from collections.abc import Sequence
from uuid import UUID

from casework.access import allow
from casework.actions.lost_races import was_first
from casework.actions.request import Deed, Done
from casework.input.read import Malformed, Values
from permissions.bases import GROUPS, VALID_FROM, WITHOUT_PERSONAL_DATA, may_ever_share
from permissions.decision import Missing, Refused, Relation, may_approve
from permissions.models import Agency, BasisConfirmation, PartnershipDecision, SharingAgreement
from permissions.vocabulary import AgencyKind

Agreed = SharingAgreement | PartnershipDecision


def manage_agreements(deed: Deed) -> Done:
    """Ask for an agreement or a decision; or, given one, put it in force as the second person, or end it."""
    allow(Relation(same_agency=True))
    if deed.on is not None:
        _take_only(deed, "ending")
        return _second(deed, _standing(deed))
    for part, ask in (("sharing", _sharing), ("partnership", _partnership)):
        if deed.inputs.get(part):
            _take_only(deed, part)
            return _ask(deed, ask(deed, deed.given(part)))
    raise Malformed("sharing", "receiver", "required")


def _take_only(deed: Deed, part: str) -> None:
    """Refuse what comes along and would be dropped."""
    if beside := next((other for other, rows in deed.inputs.items() if rows and other != part), ""):
        raise Malformed(beside, "", "not_taken_here")


def _ask(deed: Deed, row: Agreed) -> Done:
    row.asked_by_id = deed.act.actor.person_id
    row.save(force_insert=True)
    return Done(None, row.pk, {"agreement": row.pk})


def _sharing(deed: Deed, values: Values) -> SharingAgreement:
    receiver = _others(deed, "sharing", "receiver", [values["receiver"]])[0]
    kinds = Agency.objects.filter(pk=receiver).values_list("kind", flat=True)
    if not any(may_ever_share(deed.act.actor.kind, AgencyKind(kind)) for kind in kinds):
        raise Malformed("sharing", "receiver", "nothing_carries")
    return SharingAgreement(
        id=deed.act.made_id("agreement"),
        sender_id=deed.act.actor.agency_id,
        receiver_id=receiver,
        **_dated("sharing", values),
    )


def _partnership(deed: Deed, values: Values) -> PartnershipDecision:
    return PartnershipDecision(
        id=deed.act.made_id("agreement"),
        agency_id=deed.act.actor.agency_id,
        members=_others(deed, "partnership", "members", values["members"]),
        citation=values["citation"],
        **_dated("partnership", values),
    )


def _dated(part: str, values: Values) -> Values:
    """Return the groups and days of what is asked; raises Malformed for an unknown group."""
    known = {group for groups in GROUPS.values() for group in groups}
    if not values["groups"] or set(values["groups"]) - known:
        raise Malformed(part, "groups", "no_such_code", ", ".join(sorted(set(values["groups"]) - known)))
    return {"groups": sorted(set(values["groups"])), "starts_on": values["since"], "ends_on": values.get("until")}


def _others(deed: Deed, part: str, column: str, chosen: Sequence[int]) -> list[int]:
    """Return the ids of other agencies that may receive personal data; raises Malformed for any other."""
    found = Agency.objects.filter(pk__in=chosen).exclude(kind__in=WITHOUT_PERSONAL_DATA)
    others = sorted(found.exclude(pk=deed.act.actor.agency_id or 0).values_list("pk", flat=True))
    if not chosen or len(others) != len(set(chosen)):
        raise Malformed(part, column, "no_such_receiver")
    return others


def _standing(deed: Deed) -> Agreed:
    mine, key = deed.act.actor.agency_id, deed.target
    row: Agreed | None = SharingAgreement.objects.select_for_update().filter(pk=key, sender_id=mine).first()
    row = row or PartnershipDecision.objects.select_for_update().filter(pk=key, agency_id=mine).first()
    if row is None:
        raise Missing("no such agreement within reach")
    return row


def _second(deed: Deed, row: Agreed) -> Done:
    for values in deed.inputs.get("ending", ()):
        row.ends_on = min(values["until"], row.ends_on or values["until"])
        row.save(update_fields=("ends_on",), force_update=True)
        return Done(None, row.pk)
    if row.confirmed_at is not None:
        raise was_first(row.confirmed_by_id, "confirmed", row.confirmed_at)
    if not may_approve(deed.act.actor.person_id, row.asked_by_id or 0, None):
        raise Refused("manage_agreements: never confirmed by the person who asked")
    row.confirmed_by_id, row.confirmed_at = deed.act.actor.person_id, deed.act.moment
    row.save(update_fields=("confirmed_by_id", "confirmed_at"), force_update=True)
    return Done(None, row.pk)


def confirm_basis(deed: Deed) -> Done:
    """Say for the agency that a row of the table of bases may be used, or no longer: dated, for this version alone."""
    allow(Relation(same_agency=True))
    deed.given("confirmation")
    rows = [_confirmation(deed, place, values) for place, values in enumerate(deed.inputs["confirmation"])]
    BasisConfirmation.objects.bulk_create(rows)
    return Done(None, rows[0].pk)


def _confirmation(deed: Deed, place: int, values: Values) -> BasisConfirmation:
    key: UUID = deed.act.made_id("confirmation", place)
    return BasisConfirmation(
        id=key,
        agency_id=deed.act.actor.agency_id,
        basis=values["basis"],
        version=VALID_FROM,
        is_confirmed=values["confirmed"],
        made_by_id=deed.act.actor.person_id,
        made_at=deed.act.moment,
    )
