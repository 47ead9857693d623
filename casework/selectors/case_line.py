"""One line on the case that a page is about: whom and where it concerns, and its nearest term."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, OuterRef, QuerySet, Value, When

from casework.models import Participation, PersonInCase, Premises
from casework.models.json_rows import columns_of, read_rows, rows_of
from casework.selectors.said_rows import NamedPerson, Place
from casework.selectors.waiting_shape import open_terms
from permissions.acting import acting
from permissions.prepared import Prepared

_SUBJECT_FIRST = Case(When(role="subject", then=Value(0)), default=Value(1))


@dataclass(frozen=True, slots=True)
class NearestTerm:
    """The open term of a case that ends first."""

    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CaseLine:
    """What the acting role may know of a case, above a page that is about something in it."""

    reference: str = ""
    who: NamedPerson | None = None
    where: Place | None = None
    """An address that is to be kept secret is only said to be so: a form is often read over somebody's shoulder."""
    term: NearestTerm | None = None

    @property
    def shown(self) -> list[str]:
        """Return which parts of the record it shows, as an entry of the trail names them."""
        is_told = self.where and not self.where.is_secret
        return [name for name, value in (("people", self.who), ("premises", is_told)) if value]


UNKNOWN = CaseLine()


def _line(case: UUID) -> QuerySet[Any]:
    agency = acting().actor.agency_id
    own = {"case_id": OuterRef("content_object_id"), "agency_id": agency}
    people = PersonInCase.objects.filter(**own).order_by(_SUBJECT_FIRST, "-made_at", "-id")
    terms = open_terms().filter(case_id=OuterRef("content_object_id")).order_by("due_at")
    return (
        Participation.objects.filter(content_object_id=case, group_id=acting().actor.agency)
        .annotate(
            people=rows_of(people[:1], *columns_of(NamedPerson)),
            places=rows_of(Premises.objects.filter(**own).order_by("-made_at", "-id")[:1], *columns_of(Place)),
            terms=rows_of(terms[:1], *columns_of(NearestTerm)),
        )
        .order_by("-starts_at")
    )


_LINE: Prepared[Any] = Prepared(_line)


def case_line(case_id: UUID) -> CaseLine:
    """Return the line of a case within reach; whoever shows it names its parts in the entry of their look."""
    row = _LINE.first(case=case_id)
    if row is None:
        return UNKNOWN
    people, places, terms = (
        read_rows(NamedPerson, row.people),
        read_rows(Place, row.places),
        read_rows(NearestTerm, row.terms),
    )
    who, where = people[0] if people else None, places[0] if places else None
    return CaseLine(row.reference, who, where, terms[0] if terms else None)
