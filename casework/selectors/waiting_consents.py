"""Help that nobody consents to any more: it waits for who holds the track, until it is ended or consent is given anew."""

from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet

from casework.input.codes import HELD, HELPING
from casework.models import Participation, Track
from casework.selectors.waiting_shape import Asked, among, own_cases, sees_named, shaped
from permissions.acting import acting


class ConsentEnded(Func):
    """Whether the consent on which the help of a track rests ended: withdrawn, run out, or its package taken back."""

    template = "lock.consent_ended(%(expressions)s)"
    output_field = BooleanField()


def consents_ended(asked: Asked) -> QuerySet[Any]:
    """Return the tracks of help to which nobody consents any more, in the cases of this person or of the agency."""
    act = acting()
    rows = Track.objects.filter(among("case_id", own_cases() if sees_named() else _open_cases()))
    rows = rows.filter(agency_id=act.actor.agency_id, kind__in=sorted(HELPING), state__in=HELD)
    return shaped(asked, rows.filter(ConsentEnded(F("pk"))), "consent", sort=F("moved_at"))


def _open_cases() -> QuerySet[Any, Any]:
    """Return the open cases in which the acting agency takes part."""
    act = acting()
    rows = Participation.objects.running(act.moment).filter(group_id=act.actor.agency, is_open=True)
    return rows.values_list("content_object_id", flat=True)
