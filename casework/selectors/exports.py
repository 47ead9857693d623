"""An export of the trail: asked with its purpose, made anew at each download, gone after a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO
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
AT_ONCE = 2_000
"""How many entries are held at once while an export is written: it goes on until there are no more."""


@dataclass(frozen=True, slots=True)
class Download:
    """What is sent: a file that is gone once it was read, its content type and a name."""

    body: IO[bytes]
    content_type: str
    name: str


def entries_to_export(since: date, until: date, newest: int) -> Iterator[list[Entry]]:
    """Yield all entries of these days up to the newest one, so many at once, newest first."""
    start, end = local_span(since, until)
    rows: QuerySet[Entry] = Entry.objects.filter(occurred_at__gte=start, occurred_at__lt=end, pk__lte=newest)
    after: tuple[datetime, int] | None = None
    while found := newest_of_agency(rows.select_related("content_type"), AT_ONCE, after):
        yield found
        after = found[-1].occurred_at, found[-1].pk


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
    chunks = entries_to_export(review.since, review.until, review.entry_id or 0)
    body: IO[bytes] = TemporaryFile()  # noqa: SIM115 - who reads it closes it
    count, content_type, ending = (_bundle if review.seed == PROOF else partial(_written, review.seed))(chunks, body)
    body.seek(0)
    said = {"format": review.seed, "entries": count, "export": str(review.pk)}
    record_act("provide", act.action, Entry, "", said=said)
    return Download(body, content_type, f"schakel-{review.seed}-{review.since}-{review.until}.{ending}")


def _written(form: str, chunks: Iterable[list[Entry]], body: IO[bytes]) -> tuple[int, str, str]:
    """Write the entries in a form of `casework/formats.py`; answers how many, its type and the ending of its name."""
    writer, content_type, ending = FORMATS[form]
    subjects: dict[str, list[str]] = {}
    count = 0

    def each() -> Iterator[Entry]:
        nonlocal count
        for chunk in chunks:
            fresh = {entry.case_id for entry in chunk if entry.case_id and str(entry.case_id) not in subjects}
            subjects.update(_subjects(fresh))
            count += len(chunk)
            yield from chunk

    for text in writer(each(), _names(subjects)):
        body.write(text.encode())
    return count, content_type, ending


def _bundle(chunks: Iterable[list[Entry]], body: IO[bytes]) -> tuple[int, str, str]:
    """Write the entries that are sealed as a bundle for `python -m audit.verify`, each with its proof."""
    ids = [entry.pk for chunk in chunks for entry in chunk]
    with TemporaryDirectory() as folder, ZipFile(body, "w", ZIP_DEFLATED) as archive:
        try:
            export_some(Path(folder, "bundle"), ids)
        except NotYet as error:
            raise NotNow("unsealed", acting().action) from error
        for path in sorted(Path(folder, "bundle").iterdir()):
            archive.write(path, path.name)
    return len(ids), "application/zip", "zip"


def _names(subjects: dict[str, list[str]]) -> Names:
    return Names(
        people=dict(User.objects.values_list("pk", "full_name")),
        organisations=dict(Agency.objects.values_list("pk", "name")),
        subjects=subjects,
        installation=settings.TRAIL_ORIGIN,
    )


def _subjects(cases: set[UUID]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT of_case::text, subject::text FROM lock.subjects_of(%s::uuid[])", [list(cases)])
        for case_id, subject in cursor.fetchall():
            found.setdefault(case_id, []).append(subject)
    return found
