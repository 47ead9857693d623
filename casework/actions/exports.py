"""Exports of the trail: asked for with their purpose, made in parts by the worker, removed when their time is over.

Each part is an act of who asked, decided anew: it stores a piece of the file, how far the export is and the intent of the
next part together, so a worker that dies loses nothing and does nothing twice (docs/decisions/0017-exports.md).
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
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
from casework.access import allow_oversight
from casework.actions.handlers import carries_out
from casework.actions.intents import intend
from casework.actions.request import ActionRequest, ActionResult
from casework.actions.reviews import ask_export
from casework.input.codes import PROOF
from casework.models import Export, ExportPart
from casework.oversight.access_log import kinds_of_entries, newest_of_agency
from casework.oversight.formats import FORMATS, HEADED, Names
from permissions.acting import acting
from permissions.decision import Missing
from permissions.models import Agency, User
from permissions.vocabulary import Action
from workflows.calendars import local_span
from workflows.retention import EXPORT_DAYS

AT_ONCE = 2_000
"""How many entries make one part of a file, and are held at once."""
PIECE = 1 << 20
"""How many bytes of a bundle make one part."""
WAIT = timedelta(minutes=1)
"""After how long a bundle is tried again when some of its entries are not sealed yet."""


@carries_out(Action.EXPORT_TRAIL)
def export_trail(request: ActionRequest) -> ActionResult:
    """Ask for an export with its purpose; the worker makes it of the entries that there are now."""
    act = request.act
    row = Export(
        review=ask_export(request),
        agency_id=act.actor.agency_id,
        made_by_id=act.actor.person_id,
        made_at=act.moment,
        kept_until=act.moment + timedelta(days=EXPORT_DAYS),
    )
    Export.objects.bulk_create([row])
    _intend_next(row)
    intend(Action.REMOVE_EXPORT, f"remove:{row.pk}", agency_id=row.agency_id, about_id=row.pk, due_at=row.kept_until)
    return ActionResult(None, row.pk)


def build_part(request: ActionRequest) -> ActionResult:
    """Write the next part of an export for who asked, if they still may; raises Refused, or Missing when it is no more."""
    allow_oversight()
    rows = Export.objects.select_related("review").filter(ready_at=None, removed_at=None)
    row = rows.filter(pk=request.target, kept_until__gt=request.act.moment).first()
    if row is None:
        raise Missing("export")
    entries = _entries(row)
    if row.total is None:
        row.total = sum(kind.count() for kind in kinds_of_entries(entries))
    row.tries += 1
    is_whole = _write_bundle(row, entries) if row.review.seed == PROOF else _write_lines(row, entries)
    if is_whole:
        row.ready_at = request.act.moment
        said = {"format": row.review.seed, "entries": row.written, "export": str(row.pk)}
        record_act("combine", request.act.action, Export, row.pk, said=said)
    row.save(update_fields=("total", "written", "parts", "tries", "last_at", "last_entry_id", "ready_at"))
    return ActionResult(None, row.pk)


@carries_out(Action.REMOVE_EXPORT)
def remove_export(request: ActionRequest) -> ActionResult:
    """Remove the file of an export whose time is over; that it was asked for, made and fetched stays on the trail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.remove_export(%s)", [request.target])
    return ActionResult(None, request.target)


def _intend_next(row: Export, *, is_later: bool = False) -> None:
    """Intend the next part; due since the export was asked for, so that one sweep goes on until there is no more."""
    due_at = acting().moment + WAIT if is_later else row.made_at
    intend(Action.EXPORT_TRAIL, row.next_step, agency_id=row.agency_id, about_id=row.pk, due_at=due_at)


def _entries(row: Export) -> QuerySet[Entry]:
    """Return what was asked for: the entries of these days up to the newest one of then."""
    since, until = row.review.since, row.review.until
    if since is None or until is None:
        raise Missing("period")
    start, end = local_span(since, until)
    newest = row.review.entry_id or 0
    found: QuerySet[Entry] = Entry.objects.filter(occurred_at__gte=start, occurred_at__lt=end, pk__lte=newest)
    return found


def _write_lines(row: Export, entries: QuerySet[Entry]) -> bool:
    """Write the next entries in a form of `casework/oversight/formats.py`; answers whether they were the last."""
    after = (row.last_at, row.last_entry_id) if row.last_at and row.last_entry_id else None
    found = newest_of_agency(entries.select_related("content_type"), AT_ONCE, after)
    form, is_first = row.review.seed, row.tries == 1
    lines = FORMATS[form][0](found, _names(found))
    _store(row, ["".join(islice(lines, 0 if is_first or form not in HEADED else 1, None)).encode()])
    row.written += len(found)
    if len(found) < AT_ONCE:
        return True
    row.last_at, row.last_entry_id = found[-1].occurred_at, found[-1].pk
    _intend_next(row)
    return False


def _write_bundle(row: Export, entries: QuerySet[Entry]) -> bool:
    """Write a bundle for `python -m audit.verify`, each entry with its proof; answers no while not all are sealed."""
    ids = [key for kind in kinds_of_entries(entries) for key in kind.values_list("pk", flat=True)]
    with TemporaryDirectory() as folder, TemporaryFile() as body:
        bundle = Path(folder, "bundle")
        try:
            row.written = export_some(bundle, ids)
        except NotYet:
            row.written = -1
        if row.written < len(ids):
            row.written = 0
            _intend_next(row, is_later=True)
            return False
        with ZipFile(body, "w", ZIP_DEFLATED) as archive:
            for path in sorted(bundle.iterdir()):
                archive.write(path, path.name)
        body.seek(0)
        _store(row, _pieces(body))
    return True


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    while piece := body.read(PIECE):
        yield piece


def _store(row: Export, pieces: Iterator[bytes] | list[bytes]) -> None:
    for piece in pieces:
        if piece:
            ExportPart.objects.bulk_create([ExportPart(export_id=row.pk, number=row.parts, content=piece)])
            row.parts += 1


def _names(found: Sequence[Entry]) -> Names:
    people = {key for entry in found for key in (entry.actor_id, entry.on_behalf_of_id) if key}
    cases = {entry.case_id for entry in found if entry.case_id}
    return Names(
        people=dict(User.objects.filter(pk__in=people).values_list("pk", "full_name")),
        organisations=dict(Agency.objects.values_list("pk", "name")),
        subjects=_subjects(cases),
        installation=settings.TRAIL_ORIGIN,
    )


def _subjects(cases: set[UUID]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT of_case::text, subject::text FROM lock.subjects_of(%s::uuid[])", [list(cases)])
        for case_id, subject in cursor.fetchall():
            found.setdefault(case_id, []).append(subject)
    return found
