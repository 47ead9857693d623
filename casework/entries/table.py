"""One entry for each action, found by its name.

A step of a track or handoff that needs nothing beyond its row in the workflow gets its entry from that row.
"""

from dataclasses import replace
from typing import Any

from casework.entries.entry import ActionEntry, On, Page, entries_of
from permissions.vocabulary import Action
from workflows.tracks import TRACKS, WORKFLOWS

NOT_YET = "belongs to a later release: its page says so, and an attempt is NotNow"
ITSELF = (
    "the program does this itself, in a transaction of its own (casework.worker.carry_out, permissions.services, commands)"
)

STEPS = (
    *(ActionEntry(step.action, On.TRACK, (Page.TRACK,)) for track in TRACKS.values() for step in track.steps),
    *(
        ActionEntry(step.action, On.HANDOFF, (Page.HANDOFF,) if step.by in {"sender", "receiver"} else ())
        for step in WORKFLOWS["handoff"].steps
    ),
)

FROM_ROWS = {entry.action: entry for entry in STEPS}


def step(action: Action, *pages: Page, **more: Any) -> ActionEntry:
    """Return the entry of a step, as it follows from its row, with the pages and whatever else there is beside it."""
    row = FROM_ROWS[action]
    return replace(row, pages=(*row.pages, *pages), **more)


OF_TRACKS = (
    step(Action.PLAN_VISIT, extra=("prior_warning_checked", "search_decided")),
    step(Action.SCHEDULE_VISIT, Page.OWN, extra=("prior_warning_answer",)),
    step(Action.RECORD_ATTEMPT, extra=("visit_report",), asked="visit_report"),
    step(Action.RECORD_VISIT, extra=("child_check", "help_offer", "search_authority")),
    step(Action.RETARGET, extra=("person", "premises")),
    step(Action.ESCALATE, extra=("prior_warning_answer",)),
    step(Action.BEGIN_HELP, begins_work=True),
    step(Action.ASSESS_NEEDS, extra=("note",)),
    ActionEntry(Action.ASK_APPROVAL, On.CASE, (Page.TRACK, Page.HANDOFF), parts=("approval",)),
    ActionEntry(Action.APPROVE, On.CASE, (Page.TRACK, Page.HANDOFF), parts=("approving", "approver_reason")),
)

OF_HANDOFFS = (
    ActionEntry(Action.PREPARE_HANDOFF, On.CASE, (Page.CASE, Page.HANDOFF), parts=("package",)),
    step(Action.CHECK_HANDOFF, takes_parts=False),
    step(Action.SEND_HANDOFF, takes_parts=False),
    step(Action.ACKNOWLEDGE_HANDOFF, Page.OWN),
    step(Action.ACCEPT_HANDOFF, extra=("known_here",)),
    step(Action.START_WORK, parts=("start_date",), begins_work=True),
    ActionEntry(Action.SEE_HANDOFF, On.CASE, (Page.OWN,)),
    ActionEntry(Action.DELIVER_CORRECTION, On.CASE),
)

OF_CASES = (
    ActionEntry(
        Action.OPEN_CASE,
        On.NOTHING,
        (Page.OWN,),
        parts=("basis", "premises", "person", "note", "source", "report", "acuteness", "known_here", "package"),
    ),
    ActionEntry(Action.SEE_CASE, On.CASE, (Page.OWN,)),
    ActionEntry(Action.READ_RECORD, On.CASE, (Page.OWN,)),
    ActionEntry(Action.PRINT_CASE, On.CASE, (Page.OWN,)),
    ActionEntry(Action.WRITE_RECORD, On.CASE, (Page.CASE,)),
    ActionEntry(Action.ADD_NOTE, On.CASE, (Page.CASE,), parts=("note",)),
    ActionEntry(Action.CORRECT_NOTE, On.CASE, (Page.CASE,), parts=("correction",)),
    ActionEntry(Action.ASSIGN, On.CASE, (Page.CASE, Page.OWN), parts=("assignment", "reassignment", "absence")),
    ActionEntry(Action.IDENTIFY_VICTIM, On.CASE, (Page.CASE,), parts=("person",)),
    ActionEntry(Action.OPEN_HELP, On.CASE, (Page.CASE,), parts=("helped",)),
    ActionEntry(Action.REVEAL_SOURCE, On.CASE, (Page.OWN,), parts=("reveal",)),
    ActionEntry(Action.REVEAL_BSN, On.CASE, (Page.OWN,), parts=("reveal",)),
    ActionEntry(Action.WALL_PERSON, On.CASE, (Page.CASE,), parts=("wall",)),
    ActionEntry(Action.DECLARE_CONFLICT, On.CASE, (Page.CASE, Page.HANDOFF), parts=("wall",), shuts_out=True),
    ActionEntry(Action.LIFT_WALL, On.CASE, (Page.CASE,), parts=("lifting",)),
    ActionEntry(Action.EXTEND_DEADLINE, On.CASE, (Page.CASE,), parts=("term",)),
    ActionEntry(Action.PAUSE_DEADLINE, On.CASE, (Page.CASE,), parts=("term",)),
    ActionEntry(Action.ACKNOWLEDGE_ESCALATION, On.CASE, (Page.CASE,), parts=("acknowledgement",)),
    ActionEntry(Action.SEARCH_OWN, On.NOTHING, (Page.OWN,), parts=("search",)),
    ActionEntry(Action.CHECK_KNOWN, On.NOTHING, (Page.OWN,), parts=("known",)),
    ActionEntry(Action.ANSWER_KNOWN_CHECK, On.CASE, (Page.OWN,), parts=("known_answer",)),
    ActionEntry(Action.RECORD_ADVICE, On.NOTHING, (Page.OWN,), parts=("advice",)),
    ActionEntry(Action.ASK_EMERGENCY, On.NOTHING, (Page.OWN,), parts=("emergency",)),
    ActionEntry(Action.END_EMERGENCY, On.CASE, (Page.OWN,)),
    ActionEntry(Action.REVIEW_EMERGENCY, On.CASE, (Page.OWN,), parts=("verdict",)),
)

OF_OVERSIGHT = (
    ActionEntry(Action.SEE_CASE_LOG, On.CASE, (Page.OWN,)),
    ActionEntry(Action.SEE_ACCESS_LOG, On.CASE, (Page.OWN,), parts=("concerned",)),
    ActionEntry(Action.SEE_LEDGER, On.CASE),
    ActionEntry(Action.EXPLAIN_ACCESS, On.CASE, (Page.OWN,)),
    ActionEntry(
        Action.VERIFY_TRAIL,
        On.NOTHING,
        (Page.OWN,),
        without="a look at the seal and its checkpoints, told by casework.oversight.workbench",
    ),
    ActionEntry(
        Action.HANDLE_RIGHTS_REQUEST,
        On.NOTHING,
        (Page.OWN,),
        parts=("concerned",),
        without="a look at the log for one person, told by casework.oversight.workbench",
    ),
    ActionEntry(Action.ANNOTATE_TRAIL, On.NOTHING, (Page.WORKBENCH,), parts=("annotation",)),
    ActionEntry(Action.SIGN_OFF_REVIEW, On.NOTHING, (Page.WORKBENCH,), parts=("sign_off",)),
    ActionEntry(Action.DRAW_SAMPLE, On.NOTHING, (Page.WORKBENCH, Page.OWN), parts=("sample",)),
    ActionEntry(Action.EXPORT_TRAIL, On.NOTHING, (Page.WORKBENCH, Page.OWN), parts=("export",)),
    ActionEntry(Action.RAISE_FINDING, On.NOTHING, (Page.OWN,), parts=("finding",)),
    ActionEntry(Action.CLOSE_FINDING, On.CASE, (Page.OWN,), parts=("closing",)),
)

OF_AGENCIES = (
    ActionEntry(Action.MANAGE_AGREEMENTS, On.OWN_ROW, (Page.OWN,), parts=("sharing", "partnership", "ending")),
    ActionEntry(Action.CONFIRM_BASIS, On.NOTHING, (Page.OWN,), parts=("confirmation",)),
    ActionEntry(Action.MANAGE_PEOPLE, On.OWN_ROW, (Page.OWN,), parts=("joiner", "member_roles", "leaving", "refusal")),
    ActionEntry(Action.RELEASE_RIGHTS_ANSWER, On.NOTHING, without=NOT_YET),
    ActionEntry(Action.PROPOSE_DISPOSAL, On.NOTHING, without=NOT_YET),
    ActionEntry(Action.APPROVE_DISPOSAL, On.NOTHING, without=NOT_YET),
    ActionEntry(Action.SET_LEGAL_HOLD, On.NOTHING, without=NOT_YET),
    ActionEntry(Action.SEE_STATISTICS, On.NOTHING, without=NOT_YET),
    ActionEntry(Action.MANAGE_CALENDAR, On.NOTHING, without=NOT_YET),
    ActionEntry(Action.MANAGE_AGENCIES, On.NOTHING, without=NOT_YET),
    ActionEntry(Action.OPERATE, On.NOTHING, without=NOT_YET),
)

OF_THE_SYSTEM = (
    ActionEntry(Action.NOTIFY, On.CASE),
    ActionEntry(Action.MARK_OVERDUE, On.CASE),
    ActionEntry(Action.ESCALATE_DEADLINE, On.CASE),
    ActionEntry(Action.REMOVE_EXPORT, On.CASE),
    ActionEntry(Action.FIND_DUE, On.NOTHING, without=ITSELF),
    ActionEntry(Action.RECONCILE_ACCESS, On.NOTHING, without=ITSELF),
    ActionEntry(Action.RECONCILE_ROWS, On.NOTHING, without=ITSELF),
    ActionEntry(Action.DESTROY_ENTRIES, On.NOTHING, without=ITSELF),
    ActionEntry(Action.SEAL_TRAIL, On.NOTHING, without=ITSELF),
    ActionEntry(Action.RECORD_SIGN_IN, On.NOTHING, without=ITSELF),
    ActionEntry(Action.SWITCH_MEMBERSHIP, On.NOTHING, without=ITSELF),
    ActionEntry(Action.CHOOSE_LANGUAGE, On.NOTHING, without=ITSELF),
    ActionEntry(Action.RECORD_UNKNOWN_REQUEST, On.NOTHING, without=ITSELF),
    ActionEntry(Action.MIGRATE, On.NOTHING, without=ITSELF),
)

LISTED = (*OF_TRACKS, *OF_HANDOFFS, *OF_CASES, *OF_OVERSIGHT, *OF_AGENCIES, *OF_THE_SYSTEM)
ENTRIES = entries_of(LISTED, STEPS)
"""Every action with what it needs."""
TRACK_ACTIONS = frozenset(action for action, entry in ENTRIES.items() if entry.on is On.TRACK)
HANDOFF_ACTIONS = frozenset(action for action, entry in ENTRIES.items() if entry.on is On.HANDOFF)
ON_NOTHING = frozenset(action for action, entry in ENTRIES.items() if entry.on is On.NOTHING and not entry.without)
"""Actions whose handler reads nothing that they are on."""


def drawn_on(page: Page) -> tuple[Action, ...]:
    """Return the actions whose form is drawn on this kind of page, by name."""
    return tuple(sorted(action for action, entry in ENTRIES.items() if page in entry.pages))
