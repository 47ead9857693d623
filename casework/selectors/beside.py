"""Columns that a row holds as a key and a page shows in words: its author, person, organisation or case."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat, Trim

from casework.models import Handoff, PackageItem, Participation, PersonInCase, Track
from permissions.models import Agency, User


def _stands_at() -> Coalesce:
    """Return the present version of an approval's track or package; an approval of another version is void."""
    track = Track.objects.filter(pk=OuterRef("track_id")).values("version")
    return Coalesce(
        Subquery(track[:1]), Subquery(Handoff.objects.filter(pk=OuterRef("handoff_id")).values("package_version")[:1])
    )


def beside(*columns: str) -> dict[str, Subquery | Coalesce]:
    """Return expressions for the columns among these that live in another table: names, and the present version."""
    called = Trim(Concat("given_names", Value(" "), "infix", Value(" "), "family_name", output_field=TextField()))
    found: dict[str, QuerySet[Any, Any]] = {
        "whom": PersonInCase.objects.filter(pk=OuterRef("person_id")).values(called=called),
        "into": PersonInCase.objects.filter(pk=OuterRef("ref_id")).values(called=called),
        "where": Agency.objects.filter(pk=OuterRef("agency_id")).values("name"),
        "who": User.objects.filter(pk=OuterRef("made_by_id")).values("full_name"),
        "sent_by": PackageItem.objects.filter(pk=OuterRef("from_item_id")).values("sender__name"),
        "ref_case": Participation.objects.filter(
            content_object_id=OuterRef("ref_id"), group_id=OuterRef("agency_id")
        ).values("reference"),
        "handoff_number": Handoff.objects.filter(pk=OuterRef("handoff_id")).values("number"),
        "ref_number": Handoff.objects.filter(pk=OuterRef("ref_id")).values("number"),
        "asker": User.objects.filter(pk=OuterRef("asked_by_id")).values("full_name"),
        "approver": User.objects.filter(pk=OuterRef("approved_by_id")).values("full_name"),
        "with_whom": Agency.objects.filter(pk=OuterRef("receiver_id")).values("name"),
    }
    names: dict[str, Subquery | Coalesce] = {name: Subquery(rows[:1]) for name, rows in found.items() if name in columns}
    return names | ({"stands_at": _stands_at()} if "stands_at" in columns else {})
