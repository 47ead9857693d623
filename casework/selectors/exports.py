"""An export of the trail: asked with its purpose, made anew at each download, gone after a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from audit.exporting import NotYet, export_some
from audit.models import Entry
from audit.recording import record_act
from casework.access import within_reach
from casework.formats import FORMATS, Names
from casework.models import Review
from casework.selectors.trail import newest_of_agency
from permissions.acting import acting
from permissions.decision import Missing
from permissions.models import Agency, User
from workflows.calendars import local_span
from workflows.table import NotNow

HOURS = 24
PROOF = "proof"
MOST = 5_000
"""How many entries an export holds; a longer period is refused when it is asked for, never cut short."""


@dataclass(frozen=True, slots=True)
class Download:
    """What is sent: its bytes, its content type and a name."""

    body: bytes
    content_type: str
    name: str


def entries_to_export(since: date, until: date, newest: int) -> list[Entry]:
    """Return the entries of these days up to the newest one, at most one more than an export holds, newest first."""
    start, end = local_span(since, until)
    rows: QuerySet[Entry] = Entry.objects.filter(occurred_at__gte=start, occurred_at__lt=end, pk__lte=newest)
    return newest_of_agency(rows.select_related("content_type"), MOST + 1)


def export_for(review_id: UUID) -> Download:
    """Make an export that the acting person asked for within the last day; raises Missing. It stands on the trail first."""
    act = acting()
    since = act.moment - timedelta(hours=HOURS)
    rows = Review.objects.filter(
        pk=within_reach("review", review_id), kind="export", made_by_id=act.actor.person_id, made_at__gt=since
    )
    review = rows.first()
    if review is None or review.since is None or review.until is None:
        raise Missing("no such export within reach")
    entries = entries_to_export(review.since, review.until, review.entry_id or 0)
    body, content_type, ending = _bundle(entries) if review.seed == PROOF else _written(review.seed, entries)
    said = {"format": review.seed, "entries": len(entries), "export": str(review.pk)}
    record_act("provide", act.action, Entry, "", said=said)
    return Download(body, content_type, f"schakel-{review.seed}-{review.since}-{review.until}.{ending}")


def _written(form: str, entries: list[Entry]) -> tuple[bytes, str, str]:
    """Return the entries in a form of `casework/formats.py`, with its content type and the ending of its name."""
    writer, content_type, ending = FORMATS[form]
    return "".join(writer(entries, _names(entries))).encode(), content_type, ending


def _bundle(entries: list[Entry]) -> tuple[bytes, str, str]:
    """Return the entries that are sealed as a bundle for `python -m audit.verify`, each with its proof."""
    packed = BytesIO()
    with TemporaryDirectory() as folder, ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        try:
            export_some(Path(folder, "bundle"), [entry.pk for entry in entries])
        except NotYet as error:
            raise NotNow("unsealed", acting().action) from error
        for path in sorted(Path(folder, "bundle").iterdir()):
            archive.write(path, path.name)
    return packed.getvalue(), "application/zip", "zip"


def _names(entries: list[Entry]) -> Names:
    people = {one for entry in entries for one in (entry.actor_id, entry.on_behalf_of_id) if one}
    return Names(
        people=dict(User.objects.filter(pk__in=people).values_list("pk", "full_name")),
        organisations=dict(Agency.objects.values_list("pk", "name")),
        subjects=_subjects({entry.case_id for entry in entries if entry.case_id}),
        installation=settings.TRAIL_ORIGIN,
    )


def _subjects(cases: set[UUID]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT of_case::text, subject::text FROM lock.subjects_of(%s::uuid[])", [list(cases)])
        for case_id, subject in cursor.fetchall():
            found.setdefault(case_id, []).append(subject)
    return found
