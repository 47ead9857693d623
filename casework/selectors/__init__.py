"""What a page or a look shows, found inside the act that shows it; every answer leaves its read entry."""

from casework.selectors.apart import kept_apart, reveal
from casework.selectors.cases import (
    CasePage,
    TrackView,
    case_for,
    colleagues,
    notes_for,
    offers_for,
    read_record,
    see_case,
    terms_for,
    track_for,
    walls_of,
)
from casework.selectors.explaining import Explained, differs_from_trail, grants_of, who_can_see
from casework.selectors.exports import export_for
from casework.selectors.handoffs import (
    HandoffPage,
    PackageChoice,
    package_choice,
    package_items,
    received,
    receivers,
    see_handoff,
)
from casework.selectors.oversight import emergencies, emergency_for, finding_for, findings, told
from casework.selectors.reviews import (
    integrity,
    organisations,
    outliers,
    report_for_person,
    sample_of,
    state_of_trail,
    written_reviews,
)
from casework.selectors.searching import Found, known_check_for, known_checks, search_own
from casework.selectors.trail import (
    AccessLine,
    case_by_reference,
    case_log,
    cases_of_person,
    entries_seen,
    log_of_own_case,
)

from casework.selectors.waiting_rows import Waiting

from casework.selectors.waiting import to_send_again, uninformed

from casework.selectors.worklists import (
    FollowUp,
    Worklist,
    follow_ups,
    plannable_visits,
    worklist,
    worklist_counts,
)

__all__ = [
    "AccessLine",
    "CasePage",
    "Explained",
    "FollowUp",
    "Found",
    "HandoffPage",
    "PackageChoice",
    "TrackView",
    "Waiting",
    "Worklist",
    "case_by_reference",
    "case_for",
    "case_log",
    "cases_of_person",
    "colleagues",
    "differs_from_trail",
    "emergencies",
    "emergency_for",
    "entries_seen",
    "export_for",
    "finding_for",
    "findings",
    "follow_ups",
    "grants_of",
    "integrity",
    "kept_apart",
    "known_check_for",
    "known_checks",
    "log_of_own_case",
    "notes_for",
    "offers_for",
    "organisations",
    "outliers",
    "package_choice",
    "package_items",
    "plannable_visits",
    "read_record",
    "received",
    "receivers",
    "report_for_person",
    "reveal",
    "sample_of",
    "search_own",
    "see_case",
    "see_handoff",
    "state_of_trail",
    "terms_for",
    "to_send_again",
    "told",
    "track_for",
    "uninformed",
    "walls_of",
    "who_can_see",
    "worklist",
    "worklist_counts",
    "written_reviews",
]
