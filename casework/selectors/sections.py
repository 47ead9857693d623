"""The sections of a record, each with the columns that a page shows of its rows."""

from collections.abc import Sequence
from typing import Any

from casework.input.codes import CRITERIA, EXCLUSIONS
from casework.models import (
    AgencyRecord,
    Approval,
    Correction,
    Criterion,
    Note,
    PersonInCase,
    Premises,
    StoredFact,
    Visit,
)
from casework.selectors.rows import Row

Sections = dict[str, tuple[type[Any], tuple[str, ...]]]
SECTIONS: Sections = {
    "record": (AgencyRecord, ("basis", "wpg_article", "made_at", "from_handoff_id")),
    "people": (
        PersonInCase,
        ("id", "role", "family_name", "infix", "given_names", "birth_date", "birth_precision", "estimated_age", "contact",
         "contact_is_secret", "from_item_id"),
    ),
    "premises": (Premises, ("id", "street", "number", "postcode", "town", "country", "is_secret", "from_item_id")),
    "notes": (
        Note,
        ("id", "kind", "text", "happened_on", "happened_precision", "is_burdening", "corrects_id", "made_at", "from_item_id",
         "sent_by", "who"),
    ),
    "visits": (
        Visit,
        (
            "id", "number", "round", "planned_on", "visited_on", "outcome", "officers", "plan_subject", "plan_family",
            "plan_team", "warned", "homes_searched", "data_carriers", "arrests", "is_cautioned",
        ),
    ),
    "facts": (
        StoredFact,
        ("id", "fact", "action", "code", "text", "name", "on_date", "until_date", "is_so", "help_kind", "whom", "into",
         "with_whom", "made_at", "ref_id", "ref_case", "ref_number"),
    ),
    "triage": (Criterion, ("code", "answer", "source", "reason", "is_exclusion", "round", "made_at", "who")),
    "corrections": (Correction, ("id", "kind", "row_id", "label", "why", "explained", "was", "became", "made_at", "who")),
    "approvals": (
        Approval,
        ("id", "action", "version", "reason", "made_at", "asker", "approved_by_id", "approved_at", "approver",
         "approver_reason", "track_id", "handoff_id", "stands_at"),
    ),
}  # fmt: skip
PLACES = {code: place for place, code in enumerate((*CRITERIA, *EXCLUSIONS))}


def as_asked(answers: Sequence[Row]) -> list[Row]:
    """Return the answers of the checklist in its own order, those of the last time first."""
    return sorted(answers, key=lambda row: (-row["made_at"].timestamp(), PLACES[row["code"]]))
