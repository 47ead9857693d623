"""What of the sender's record does not go with a package, each thing with its reason; words only for who may read them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from casework.input import wording
from casework.input.codes import INTELLIGENCE, NOTE_GROUPS, WITHHELD
from casework.input.correction_parts import has_coded_name
from casework.input.dates import with_precision
from casework.input.wording import in_words
from casework.models import Handoff, Note, PackageItem, StoredFact
from casework.packages.agreed import groups_agreed
from casework.packages.items import FACT_GROUPS, Offer, freeze, offers_of, thaw
from permissions.acting import acting
from permissions.bases import GROUPS
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.vocabulary import Action

NEVER = frozenset({"source", "criteria", "citizen_number", INTELLIGENCE})
"""What no package can hold, whatever is ticked."""
NARRATIVE = frozenset({"concern", "observed_facts"})
"""Field groups in which a report tells what happened."""
TELLING = frozenset({"referral", "concern_report", "transfer"})
"""Kinds of handoff that are about something that happened."""
OF_KIND = {"person": "identity", "contact": "contact", "premises": "household"}
REASONS = frozenset(
    {
        *("never_goes", "replaced_by_a_later_one", "note_kind_stays", "no_part_of_a_package", "not_in_this_kind"),
        *("not_agreed", "not_ticked", WITHHELD),
    },
)
"""Why something can stay."""
SAID = 160
"""From how many characters on a text is folded away behind its beginning."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One thing of the record that stays: what it is, of which day, why it stays, and by whose choice where it was one."""

    kind: str
    label: str
    on_day: date | None
    why: str
    by: int | None
    said: str
    """Its words, for who may read the record: all of them, as the reader decides by them whether it stays."""

    @property
    def begins(self) -> str:
        """Return how it begins, where the whole is folded away behind that; nothing where it is short."""
        return f"{self.said[:SAID]} …" if len(self.said) > SAID else ""


def staying(handoff: Handoff, items: list[PackageItem]) -> list[Stay]:
    """Return what stays, in the order of the record; who may not read the record is told kinds, days and reasons."""
    with connection.cursor() as cursor:
        columns = "kind, item, label, on_day, known_to, is_replaced, is_secret"
        cursor.execute(f"SELECT {columns} FROM lock.record_items(%s)", [handoff.pk])  # noqa: S608 - ours
        rows = cursor.fetchall()
    gone = {(item.origin_id, item.group) for item in items}
    offers = offers_of(handoff.case_id, handoff.sender_id)
    agreed, words = groups_agreed(handoff), _words(handoff, offers)
    found = []
    for kind, item, label, on_day, known_to, is_replaced, is_secret in rows:
        group = _group(kind, label)
        if (item, group) in gone:
            continue
        why = _why(kind, label, group, handoff.kind, agreed, is_replaced=is_replaced)
        why = WITHHELD if is_secret else why
        by = handoff.editor_id if why == "not_ticked" else None
        day = with_precision(on_day, known_to)
        found.append(Stay(kind, label, day, why, by, words.get((kind, item), "")))
    return found


def _group(kind: str, label: str) -> str:
    if kind == "note":
        return NOTE_GROUPS.get(label, "")
    return FACT_GROUPS.get(label, "") if kind == "fact" else OF_KIND.get(kind, "")


def _why(  # noqa: PLR0913 - one return a reason, and what it follows from
    kind: str, label: str, group: str, package: str, agreed: frozenset[str] | None, *, is_replaced: bool
) -> str:
    if kind in NEVER or label in NEVER:
        return "never_goes"
    if is_replaced:
        return "replaced_by_a_later_one"
    if not group:
        return "note_kind_stays" if kind == "note" else "no_part_of_a_package"
    if group not in GROUPS[package]:
        return "not_in_this_kind"
    if agreed is not None and group not in agreed:
        return "not_agreed"
    return "not_ticked"


def _words(handoff: Handoff, offers: list[Offer]) -> dict[tuple[str, UUID], str]:
    """Return the words of the record, for who reads it; none of what is secret."""
    if acting().role not in roles_with(Action.READ_RECORD, Cell.NAMED, Cell.OWN):
        return {}
    shown = [offer for offer in offers if not offer.withheld]
    words = {(offer.key.partition(":")[0], offer.origin_id): in_words(thaw(offer.value), offer.label) for offer in shown}
    own = {"case_id": handoff.case_id, "agency_id": handoff.sender_id}
    words |= {("note", note.pk): note.text for note in Note.objects.filter(**own)}
    return words | {("fact", row.pk): _fact_in_words(row) for row in StoredFact.objects.filter(handoff_id=None, **own)}


def _fact_in_words(row: StoredFact) -> str:
    answer = {None: "", True: "yes", False: "no"}[row.is_so]
    name = wording.label(f"{row.fact}:{row.name}") if row.name and has_coded_name(row.fact) else row.name
    said = {"code": row.code, "yes": answer, "name": name, "text": row.text, "until": row.until_date}
    return in_words(thaw(freeze(said)), row.fact)


def tells_nothing(handoff: Handoff, items: list[PackageItem]) -> bool:
    """Whether a report goes without its own text."""
    return handoff.kind in TELLING and not NARRATIVE & {item.group for item in items}
