"""What a page or a look shows, found inside the act that shows it; every answer leaves its read entry."""

from casework.selectors.cases import CasePage, TrackView, case_for, colleagues, offers_for, read_record, see_case, track_for
from casework.selectors.handoffs import HandoffPage, package_items, received, receivers, see_handoff
from casework.selectors.trail import AccessLine, case_by_reference, case_log, entries_seen, log_of_own_case
from casework.selectors.worklists import (
    FollowUp,
    Worklist,
    WorkRow,
    follow_ups,
    plannable_visits,
    worklist,
    worklist_counts,
)

__all__ = [
    "AccessLine",
    "CasePage",
    "FollowUp",
    "HandoffPage",
    "TrackView",
    "WorkRow",
    "Worklist",
    "case_by_reference",
    "case_for",
    "case_log",
    "colleagues",
    "entries_seen",
    "follow_ups",
    "log_of_own_case",
    "offers_for",
    "package_items",
    "plannable_visits",
    "read_record",
    "received",
    "receivers",
    "see_case",
    "see_handoff",
    "track_for",
    "worklist",
    "worklist_counts",
]
