"""Which field groups the agreements between two ends let go today."""

from datetime import date

from django.db.models import Q

from casework.models import Handoff
from permissions.acting import acting
from permissions.models import SharingAgreement
from workflows.calendars import day_of


def is_same_controller(handoff: Handoff) -> bool:
    """Whether both ends of a handoff as it was reached (casework.access) share a controller."""
    return bool(getattr(handoff, "sender_controller", 1) == getattr(handoff, "receiver_controller", 2))


def agreements(handoff: Handoff, today: date) -> list[SharingAgreement]:
    """Return the agreements from this sender to this receiver that are in force."""
    rows = SharingAgreement.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        sender_id=handoff.sender_id,
        receiver_id=handoff.receiver_id,
        starts_on__lte=today,
        confirmed_at__isnull=False,
    )
    return list(rows)


def groups_agreed(handoff: Handoff) -> frozenset[str] | None:
    """Return the field groups of the agreements in force; nothing where both ends share a controller, and need none."""
    if is_same_controller(handoff):
        return None
    today = day_of(acting().moment)
    return frozenset(group for row in agreements(handoff, today) for group in row.groups)
