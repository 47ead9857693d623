"""What waits for a second person: what one asked for or raised, and another must lift, close or confirm."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.db.models import BooleanField, DateField, DateTimeField, F, Func, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast

from casework.models import Finding, Participation, Wall
from casework.selectors.waiting_shape import Asked, shaped, there_is, there_is_no
from permissions.acting import acting
from permissions.bases import BASES, VALID_FROM
from permissions.models import Agency, BasisConfirmation, PartnershipDecision, SharingAgreement
from permissions.prepared import value_of
from workflows.calendars import AMSTERDAM, day_of

ROWS = UUID("0b8f2f64-6a8a-4b6e-8b8e-1f4b7b6a5c21")
"""The namespace of ids for rows that no table holds: bases, and what an agency lacks."""


def _row_id(what: str, agency_id: int | None) -> UUID:
    return uuid5(ROWS, f"{agency_id}:{what}")


def _walls(asked: Asked, *, own: bool) -> QuerySet[Any]:
    me = acting().actor.person_id
    seen = Participation.objects.filter(content_object_id=OuterRef("case_id"), group_id=acting().actor.agency)
    asked_to_lift = Wall.objects.standing().filter(agency_id=acting().actor.agency_id, lift_asked_by_id__isnull=False)
    rows = asked_to_lift.filter(there_is(seen)).exclude(user_id=me)
    rows = rows.filter(lift_asked_by_id=me) if own else rows.exclude(lift_asked_by_id=me)
    return shaped(asked, rows, "wall", sort=F("starts_at"), about=F("case_id"))


def walls_to_lift(asked: Asked) -> QuerySet[Any]:
    """Return the walls that one person asked to lift, for another to lift: not for who asked, nor for whom they shut out."""
    return _walls(asked, own=False)


def asked_walls(asked: Asked) -> QuerySet[Any]:
    """Return the walls that the acting person asked to lift and another must."""
    return _walls(asked, own=True)


def open_findings(asked: Asked) -> QuerySet[Any]:
    """Return the findings that nobody closed, never one about oneself; those of no one agency wait for every auditor."""
    act = acting()
    mine = Q(agency_id=act.actor.agency_id) | Q(agency_id=None)
    rows = Finding.objects.filter(mine, closed_at=None).exclude(about_id=act.actor.person_id)
    rows = rows.exclude(people__contains=[act.actor.person_id])
    return shaped(asked, rows, "finding", sort=F("opened_at"))


class _Stuck(Func):
    """Whether a case, or none, is among those of findings that nobody may close; the keeper is asked once."""

    template = "array_position((SELECT lock.stuck_findings())::uuid[], %(expressions)s) IS NOT NULL"
    output_field = BooleanField()


def stuck_findings(asked: Asked) -> QuerySet[Any]:
    """Return the cases with a finding that nobody of the agency may close: who leads sees that one must be found."""
    rows = Participation.objects.filter(_Stuck(F("content_object_id")), group_id=acting().actor.agency)
    return shaped(asked, rows, "stuck", sort=F("moved_at"), case="content_object_id", row="content_object_id")


def stuck_without_case(asked: Asked) -> QuerySet[Any]:
    """Return the agency where such a finding is of no case."""
    mine = Agency.objects.filter(_Stuck(Value(None, UUIDField())), pk=acting().actor.agency_id)
    row = value_of(acting().actor.agency_id, UUIDField(), partial(_row_id, "stuck"))
    return shaped(asked, mine, "stuck", sort=value_of(acting().moment, DateTimeField()), case=None, row=row)


def _unconfirmed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Select what one person asked for and another must confirm, and what is not over."""
    today = value_of(acting().moment, DateField(), day_of)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gte=today), confirmed_at=None)


def _agreements(asked: Asked, *, own: bool) -> QuerySet[Any]:
    rows = _unconfirmed(SharingAgreement.objects.filter(sender_id=acting().actor.agency_id)).filter(_asked_by_me(own=own))
    return shaped(asked, rows, "sharing", sort=Cast("starts_on", DateTimeField()), case=None)


def _decisions(asked: Asked, *, own: bool) -> QuerySet[Any]:
    rows = _unconfirmed(PartnershipDecision.objects.filter(agency_id=acting().actor.agency_id)).filter(_asked_by_me(own=own))
    return shaped(asked, rows, "partnership", sort=Cast("starts_on", DateTimeField()), case=None)


def _asked_by_me(*, own: bool) -> Q:
    mine = Q(asked_by_id=acting().actor.person_id)
    return mine if own else ~mine


def agreements_to_confirm(asked: Asked) -> QuerySet[Any]:
    """Return the sharing agreements of the agency that wait for a second person: never what one asked for oneself."""
    return _agreements(asked, own=False)


def asked_agreements(asked: Asked) -> QuerySet[Any]:
    """Return the sharing agreements that the acting person asked for and another must confirm."""
    return _agreements(asked, own=True)


def decisions_to_confirm(asked: Asked) -> QuerySet[Any]:
    """Return the decisions on partnerships of the agency that wait for a second person: never what one asked for oneself."""
    return _decisions(asked, own=False)


def asked_decisions(asked: Asked) -> QuerySet[Any]:
    """Return the decisions on partnerships that the acting person asked for and another must confirm."""
    return _decisions(asked, own=True)


def bases_to_confirm(asked: Asked) -> list[QuerySet[Any]]:
    """Return the bases on which the agency may send and about which it has not decided yet: each is its own row.

    Nothing leaves on them before that. They wait for a privacy officer, and stand with who makes agreements as well:
    an agency without a privacy officer sees why nothing leaves.
    """
    actor = acting().actor
    since = Value(datetime.fromisoformat(VALID_FROM).replace(tzinfo=AMSTERDAM), DateTimeField())
    found = []
    for basis in BASES.values():
        if actor.kind in basis.senders:
            said = BasisConfirmation.objects.filter(agency_id=OuterRef("pk"), basis=basis.code, version=VALID_FROM)
            mine = Agency.objects.filter(there_is_no(said), pk=actor.agency_id)
            row = value_of(actor.agency_id, UUIDField(), partial(_row_id, basis.code))
            found.append(shaped(asked, mine, "basis", sort=since, case=None, row=row, term=Value(basis.code)))
    return found
