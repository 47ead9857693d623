"""Writes what no row trigger can see: reads, acts and refusals. Entries hold no content."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models

from audit.models import Entry


def record_read(  # noqa: PLR0913 - the parts of a read
    word: str,
    model: type[models.Model],
    pk: object,
    *,
    case: UUID | None = None,
    record_agency: int | None = None,
    basis: str = "",
    shown: Iterable[str] = (),
    cases: Iterable[UUID] = (),
    by: str = "",
) -> None:
    """Record that something was shown: which row or list, and which field groups or ids, but never their content.

    `cases` are the cases of which a list showed personal data, such as a name: the entry is found by each of them.
    `by` names what gave access where the person's own place in the case did not, such as an emergency.
    """
    said: dict[str, Any] = {"shown": sorted(shown)} | ({"by": by} if by else {})
    if found := sorted({str(one) for one in cases}):
        said["cases"] = found
    _write(Entry.Action.ACCESS, "consult", word, model, pk, case, record_agency, said, basis=basis)


def record_act(  # noqa: PLR0913 - the parts of an act
    verb: str,
    word: str,
    model: type[models.Model],
    pk: object,
    *,
    case: UUID | None = None,
    record_agency: int | None = None,
    said: dict[str, Any] | None = None,
) -> None:
    """Record an act that leaves no row of its own, such as a sign-in."""
    _write(Entry.ACT, verb, word, model, pk, case, record_agency, said or {})


def record_refusal(word: str, why: str, about: UUID | None, *, outcome: str = "refused") -> None:
    """Record a try that failed: which rule of the law refused it, or how else it ended."""
    _write(Entry.REFUSAL, "govern", word, Entry, about or "", None, None, {"why": why}, outcome=outcome)


def _write(  # noqa: PLR0913, PLR0917 - the columns of an entry
    action: int,
    verb: str,
    word: str,
    model: type[models.Model],
    pk: object,
    case: UUID | None,
    record_agency: int | None,
    said: dict[str, Any],
    *,
    outcome: str = "done",
    basis: str = "",
) -> None:
    Entry.objects.create(
        action=action,
        verb=verb,
        word=word,
        outcome=outcome,
        content_type=ContentType.objects.get_for_model(model),
        object_pk=str(pk),
        case_id=case,
        record_agency_id=record_agency,
        basis=basis,
        additional_data=said,
    )
