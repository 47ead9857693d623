"""What a reconciling run found and every auditor whom it concerns sees until somebody closes it."""

from dataclasses import dataclass

from django.db.models import Q

from audit.recording import record_read
from casework.models import Finding
from casework.selectors.paging import Page, page_of
from permissions.acting import acting
from permissions.decision import roles_for
from permissions.models import Membership
from permissions.vocabulary import Action


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """A difference with the trail: the finding, whose row it is, and the finding that was closed before on the same row."""

    finding: Finding
    people: tuple[str, ...]
    """Names of members of the acting agency alone."""
    earlier: Finding | None
    may_close: bool
    """Whether the acting person is not the one whose row it is."""


def differences(after: str = "") -> Page[DifferenceLine]:
    """Return a page of the differences in rows of the acting agency, and in rows of no one agency, open ones first."""
    actor = acting().actor
    if not roles_for(actor, Action.RAISE_FINDING):
        return Page([])
    mine = Q(agency_id=actor.agency_id) | Q(agency_id=None)
    found = page_of(Finding.objects.filter(mine).exclude(in_table=""), "opened_at", after, done=Q(closed_at__isnull=False))
    earlier = Finding.objects.in_bulk([row.follows_id for row in found.rows if row.follows_id])
    people = {person for row in found.rows for person in row.people}
    members = Membership.objects.filter(agency_id=actor.agency_id, user_id__in=people)
    names = dict(members.values_list("user_id", "user__full_name"))
    record_read("differences", Finding, "", shown=[str(row.pk) for row in found.rows])
    lines = [
        DifferenceLine(
            row,
            tuple(names[person] for person in row.people if person in names),
            earlier.get(row.follows_id) if row.follows_id else None,
            actor.person_id not in row.people,
        )
        for row in found.rows
    ]
    return Page(lines, found.following)
