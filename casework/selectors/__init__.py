"""What a page or a look shows, found inside the act that shows it; every answer leaves its read entry."""

from casework.selectors.at_a_glance import at_a_glance, follows
from casework.selectors.case_line import CaseLine
from casework.selectors.cases import (
    CasePage,
    TrackPage,
    TrackView,
    case_for,
    colleagues,
    notes_for,
    offers_for,
    read_record,
    see_case,
    signals_for,
    track_for,
)
from casework.selectors.corrected import corrections_of, facts_for, hits_for, news_waiting, places_for
from casework.selectors.handoffs import (
    HandoffPage,
    PackageChoice,
    known_around,
    package_choice,
    package_items,
    received,
    receivers,
    see_handoff,
)
from casework.selectors.paging import Page
from casework.selectors.reveal import parts_stored_apart, reveal
from casework.selectors.searching import Found, known_check_for, known_checks, search_own, told_of_known
from casework.selectors.terms_explained import explained_terms
from casework.selectors.waiting import people_for, terms_for, to_send_again, uninformed, walls_of
from casework.selectors.waiting_rows import Waiting
from casework.selectors.worklists import (
    FollowUp,
    Overview,
    PlannableVisit,
    Worklist,
    follow_ups,
    plannable_visits,
    worklist,
    worklist_overview,
)

__all__ = [
    "CaseLine",
    "CasePage",
    "FollowUp",
    "Found",
    "HandoffPage",
    "Overview",
    "PackageChoice",
    "Page",
    "PlannableVisit",
    "TrackPage",
    "TrackView",
    "Waiting",
    "Worklist",
    "at_a_glance",
    "case_for",
    "colleagues",
    "corrections_of",
    "explained_terms",
    "facts_for",
    "follow_ups",
    "follows",
    "hits_for",
    "known_around",
    "known_check_for",
    "known_checks",
    "news_waiting",
    "notes_for",
    "offers_for",
    "package_choice",
    "package_items",
    "parts_stored_apart",
    "people_for",
    "places_for",
    "plannable_visits",
    "read_record",
    "received",
    "receivers",
    "reveal",
    "search_own",
    "see_case",
    "see_handoff",
    "signals_for",
    "terms_for",
    "to_send_again",
    "told_of_known",
    "track_for",
    "uninformed",
    "walls_of",
    "worklist",
    "worklist_overview",
]
