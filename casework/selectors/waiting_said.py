"""What a row of the worklist says of the thing it is about: read for the rows of one page alone."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, JSONField, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, JSONObject

from casework.models import (
    Approval,
    Deadline,
    Emergency,
    Finding,
    Handoff,
    KnownCheck,
    PersonInCase,
    Track,
    Wall,
)
from casework.models.json_rows import read_row, same_columns
from casework.selectors.said_rows import NamedPerson, Said
from casework.selectors.waiting_consents import ConsentEnded
from casework.selectors.waiting_shape import PRESSING_STATES, one_of, said_acute
from permissions.acting import acting
from permissions.models import PartnershipDecision, SharingAgreement
from permissions.prepared import Prepared


def _track(key: str = "track_id") -> Subquery:
    """Return what a row says of a track."""
    of = {"id": "id", "kind": "kind", "state": "state", "submitted_by": "submitted_by_id", "editor": "editor_id"}
    said = JSONObject(**of, is_unconsented=ConsentEnded(F("id")))
    return Subquery(Track.objects.filter(pk=OuterRef(key)).values(said=said)[:1])


def _person() -> Subquery:
    """Return the person whom a term is about, where it is about one."""
    said = same_columns(NamedPerson)
    return Subquery(PersonInCase.objects.filter(pk=OuterRef("person_id")).values(said=said)[:1])


def _handoff_columns() -> JSONObject:
    return JSONObject(
        id="id",
        number="number",
        kind="kind",
        state="state",
        is_acute="is_acute",
        sender="sender_id",
        editor="editor_id",
        sender_name="sender__name",
        receiver_name="receiver__name",
    )


def _handoff(key: str = "handoff_id") -> Subquery:
    """Return what a row says of a handoff."""
    return Subquery(Handoff.objects.filter(pk=OuterRef(key)).values(said=_handoff_columns())[:1])


def _report() -> Subquery:
    """Return the concern report that is being made in a case, where there is one."""
    rows = Handoff.objects.filter(
        case_id=OuterRef("case_id"),
        sender_id=acting().actor.agency_id,
        kind="concern_report",
        state__in=(*PRESSING_STATES, "sent"),
    )
    return Subquery(rows.order_by("-made_at").values(said=_handoff_columns())[:1])


def _said_of(kind: str) -> tuple[type[Any], JSONObject] | None:
    """Return the table of the rows of a kind, and what they say; some say nothing beside their case."""
    return {
        "term": (
            Deadline,
            JSONObject(track=_track(), handoff=_handoff(), report=_report(), person=_person(), is_acute=said_acute()),
        ),
        "escalation": (Deadline, JSONObject(track=_track(), handoff=_handoff())),
        "track": (Track, JSONObject(track=_track("pk"))),
        "consent": (Track, JSONObject(track=_track("pk"))),
        "handoff": (Handoff, JSONObject(handoff=_handoff("pk"))),
        "approval": (Approval, JSONObject(track=_track(), handoff=_handoff(), action="action", asked_by="asked_by_id")),
        "question": (KnownCheck, JSONObject(name="asker_agency__name")),
        "wall": (Wall, JSONObject(name="user__full_name", asked_by="lift_asked_by_id")),
        "emergency": (Emergency, JSONObject(name="user__full_name", reference="reference")),
        "sharing": (SharingAgreement, JSONObject(name="receiver__name", asked_by="asked_by_id")),
        "partnership": (PartnershipDecision, JSONObject(name="citation", asked_by="asked_by_id")),
        "finding": (Finding, JSONObject(kind="kind", name="about__full_name")),
    }.get(kind)


def _said_in(kinds: tuple[str, ...], **ids: Any) -> QuerySet[Any]:
    queries: list[QuerySet[Any]] = []
    for kind in kinds:
        if found := _said_of(kind):
            model, said = found
            query = model.objects.filter(one_of("pk", ids[kind])).annotate(of=Cast(Value(kind), TextField()))
            queries.append(query.annotate(said=Cast(said, JSONField())).values_list("of", "pk", "said"))
    first, *others = queries or [Track.objects.none()]
    return first.union(*others, all=True) if others else first


_SAID: Prepared[tuple[str, UUID, dict[str, Any]]] = Prepared(_said_in)


def said_of(rows: Sequence[tuple[str, UUID]]) -> Mapping[tuple[str, UUID], Said]:
    """Return what each of these rows, by its kind and id, says; in one statement, however many there are."""
    ids: dict[str, list[UUID]] = {}
    for kind, row in sorted(rows):
        ids.setdefault(kind, []).append(row)
    return {(kind, row): read_row(Said, said) for kind, row, said in _SAID.rows(tuple(ids), **ids)}
