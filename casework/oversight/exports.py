"""Exports of the trail that the acting person asked for: how far they are, and the file once it is ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from audit.models import Entry
from audit.recording import record_act, record_read
from casework.access import allow_oversight, within_reach
from casework.models import Export, ExportPart, Outbox
from casework.oversight.formats import FORMATS
from casework.selectors.paging import Page, page_of
from permissions.acting import acting
from permissions.decision import Missing
from workflows.causes import Cause
from workflows.table import NotNow


@dataclass(frozen=True, slots=True)
class Asked:
    """An export as its page tells of it: what was asked, and how far it is."""

    id: UUID
    form: str
    since: date | None
    until: date | None
    purpose: str
    made_at: datetime
    kept_until: datetime
    state: str
    written: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Download:
    """What is sent: a file that is gone once it was read, its content type and a name."""

    body: IO[bytes]
    content_type: str
    name: str


def own_exports(after: str = "") -> Page[Asked]:
    """Return a page of the exports that the acting person asked for, newest first, each with its state."""
    found = page_of(Export.objects.select_related("review"), "made_at", after)
    record_read(acting().action, Export, "", shown=[str(row.pk) for row in found.rows])
    return Page(_asked(found.rows), found.following)


def export_for(export_id: UUID) -> Asked:
    """Return one export that the acting person asked for; raises Missing."""
    (answer,) = _asked([_own(export_id)])
    record_read(acting().action, Export, export_id, shown=["export"])
    return answer


def file_of_export(export_id: UUID) -> Download:
    """Return the file of an export, put together of its parts; raises Missing or NotNow. It stands on the trail first."""
    row = _own(export_id)
    if row.removed_at or row.kept_until <= acting().moment:
        raise Missing("file")
    if row.ready_at is None:
        raise NotNow(None, acting().action, Cause.BUILDING)
    form, review = row.review.seed, row.review
    _, content_type, ending = FORMATS.get(form, (None, "application/zip", "zip"))
    body: IO[bytes] = TemporaryFile()  # noqa: SIM115 - who reads it closes it
    parts = ExportPart.objects.filter(export_id=row.pk).order_by("number").values_list("content", flat=True)
    for content in parts.iterator(chunk_size=1):
        body.write(content)
    body.seek(0)
    said = {"format": form, "entries": row.written, "export": str(row.pk)}
    record_act("provide", acting().action, Entry, "", said=said)
    return Download(body, content_type, f"schakel-{form}-{review.since}-{review.until}.{ending}")


def _own(export_id: UUID) -> Export:
    """Return an export within reach, which is one's own alone: the row policy says so; raises Missing or Refused."""
    row = Export.objects.select_related("review").filter(pk=within_reach("export", export_id)).first()
    if row is None:
        raise Missing("export")
    allow_oversight()
    return row


def _asked(rows: Sequence[Export]) -> list[Asked]:
    open_steps = [row.next_step for row in rows if row.ready_at is None]
    running = set(Outbox.objects.filter(key__in=open_steps, done_at=None).values_list("key", flat=True))
    return [
        Asked(
            id=row.pk,
            form=row.review.seed,
            since=row.review.since,
            until=row.review.until,
            purpose=row.review.text,
            made_at=row.made_at,
            kept_until=row.kept_until,
            state=_state(row, is_running=row.next_step in running),
            written=row.written,
            total=row.total,
        )
        for row in rows
    ]


def _state(row: Export, *, is_running: bool) -> str:
    """Return how far an export is; `export_stopped` where no intent goes on with it, as after its person lost the role."""
    if row.removed_at or row.kept_until <= acting().moment:
        return "export_removed"
    if row.ready_at:
        return "export_ready"
    if not is_running:
        return "export_stopped"
    return "export_waiting" if row.total is None else "export_building"
