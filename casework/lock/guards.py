"""What the app role may do with every table of the records, generated from the matrix and settled at each `prepare`."""

from audit.roles import APP, KEEPER
from casework.lock import law_rows
from casework.lock.policies import ROWS
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.guard import ACTING, ACTION, AGENCY, PERSON, ROLE, Rights, among
from permissions.vocabulary import SYSTEM_ROLES, Action

GRANTED = ("ends_at", "lift_asked_by_id", "lift_reason", "lifted_by_id", "lifted_reason")
TERM = (
    *("met_at", "stop_reason", "overdue_at", "due_at", "paused_until"),
    *("escalated_at", "acknowledged_at", "acknowledged_by_id"),
)
TRACK = ("state", "version", "round", "round_began_at", "moved_at", "basis", "subject_id", "submitted_by_id", "editor_id")
PLACE = ("street", "number", "postcode", "town", "country", "is_secret", "address_keys")
ENDED = ("ended_at", "ended_by_id", "verdict", "verdict_reason", "reviewed_by_id", "reviewed_at")
EXPORT = ("total", "written", "parts", "tries", "last_at", "last_entry_id", "ready_at")

SEEN_WALLS = f"user_id = {PERSON} OR (agency_id = {AGENCY} AND {among(ROLE, roles_with(Action.LIFT_WALL, Cell.OWN))})"
LIFTED_WALLS = f"agency_id = {AGENCY} AND user_id <> {PERSON} AND {ACTION} = 'lift_wall'"
ADVICE = f"agency_id = {AGENCY} AND {among(ROLE, roles_with(Action.RECORD_ADVICE, Cell.AGENCY))}"
NOTICES = f"agency_id = {AGENCY} AND (person_id IS NULL OR person_id = {PERSON})"
SHARED_STEPS = (
    "target NOT IN ('prepared', 'checked') AND "
    "EXISTS (SELECT 1 FROM casework_handoff h WHERE h.id = casework_steptaken.handoff_id)"
)
OF_HANDOFFS = f"agency_id = {AGENCY} AND EXISTS (SELECT 1 FROM casework_handoff h WHERE h.id = casework_deadline.handoff_id)"
"""Who sees a handoff sees their own agency's terms of it: on the desk nobody is named yet."""
OF_EMERGENCIES = (
    f"agency_id = {AGENCY} AND clock = 'EMERGENCY_REVIEW' AND "
    f"{among(ROLE, roles_with(Action.REVIEW_EMERGENCY, Cell.OWN, Cell.AGENCY))} AND "
    f"{ROWS.is_unwalled('casework_deadline.case_id')}"
)
"""Who reviews emergencies sees by when."""
ANSWERS = (
    "action IN ('refuse_handoff', 'return_handoff', 'deliver_handoff', 'deliver_correction') AND "
    "EXISTS (SELECT 1 FROM casework_handoff h "
    f"WHERE h.id = casework_storedfact.handoff_id AND h.sender_id = {AGENCY})"
)


WEIGHED = " OR ".join(f"({rule('casework_personincase')})" for rule in (ROWS.weighed_at_delivery, ROWS.weighed_at_rework))


def _content(
    name: str,
    *,
    change: bool = False,
    columns: tuple[str, ...] = (),
    more: str = "false",
    corrected: tuple[str, ...] = (),
) -> Rights:
    """Return the rights on a table of one agency's content.

    `more` is what else may be seen, `corrected` the columns that a correction may change and nothing else.
    """
    table = f"casework_{name}"
    rule = ROWS.owned_by_agency(table)
    if corrected:
        may = _written(table)
        return Rights(
            table,
            ROWS.in_emergency(table, f"({rule}) OR ({more})"),
            ROWS.owned_by_agency(table, system=True),
            may,
            corrected,
        )
    add = ROWS.owned_by_agency(table, system=True)
    see = ROWS.in_emergency(table, rule if more == "false" else f"({rule}) OR ({more})")
    return Rights(table, see, add, rule if change else None, columns)


def _written(table: str) -> str:
    """Return the condition of a correction: an act of writing in the record, of the agency's own rows."""
    return f"{ACTION} = 'write_record' AND {ROWS.owned_by_agency(table)}"


def _corrected_facts() -> Rights:
    """Return the rights on facts: a correction points from one to the row that stands in its place."""
    table = "casework_storedfact"
    rights = _workflow("storedfact", more=ANSWERS)
    return Rights(table, rights.see, rights.add, _written(table), ("replaced_by_id",))


def _workflow(name: str, columns: tuple[str, ...] = (), *, more: str = "", add: bool = True) -> Rights:
    """Return the rights on a table that tracks move through; `more` is what else may be seen."""
    table = f"casework_{name}"
    rule = ROWS.workflow_row(table)
    see = ROWS.in_emergency(table, f"({rule}) OR ({more})" if more else rule)
    return Rights(table, see, rule if add else None, rule if columns else None, columns)


def _apart(name: str, action: Action) -> Rights:
    """Return the rights on what only an act of its own shows."""
    table = f"casework_{name}"
    return Rights(table, ROWS.stored_apart(table, action), ROWS.owned_by_agency(table, system=True))


_HANDOFF = ROWS.handoff("casework_handoff")
_ITEM = ROWS.package_item("casework_packageitem")
_NUMBER = _apart("citizennumber", Action.REVEAL_BSN)
_CARRIES_OUT = f"agency_id = {AGENCY} AND ({among(ROLE, sorted(SYSTEM_ROLES))} OR on_behalf_of_id = {PERSON})"
OUTBOX = f"""
GRANT SELECT, INSERT, UPDATE ON casework_outbox TO {KEEPER};
ALTER TABLE casework_outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_outbox FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS keeper_all ON casework_outbox;
CREATE POLICY keeper_all ON casework_outbox TO {KEEPER} USING (true) WITH CHECK (true);
"""
"""Intents: the migration that made their table gave it no guard, so it gets one here."""
RIGHTS = (
    Rights("casework_case", "EXISTS (SELECT 1 FROM casework_participation r WHERE r.content_object_id = casework_case.id)"),
    Rights(
        "casework_participation",
        ROWS.in_emergency(
            "casework_participation",
            ROWS.participation("casework_participation"),
            case="content_object_id",
            agency="group_id",
            also=ROWS.running("casework_participation"),
        ),
    ),
    Rights("casework_assignment", ROWS.assignment("casework_assignment")),
    Rights("casework_wall", SEEN_WALLS, ROWS.wall("casework_wall"), LIFTED_WALLS, GRANTED),
    Rights("casework_handoff", _HANDOFF, f"sender_id = {AGENCY} AND {_HANDOFF}", _HANDOFF),
    Rights("casework_packageitem", _ITEM, f"sender_id = {AGENCY} AND {_ITEM}"),
    Rights("casework_disclosure", ROWS.ledger("casework_disclosure")),
    # An act adds intents, sees those of its own agency, and marks done what it carries out.
    Rights("casework_outbox", f"agency_id = {AGENCY}", ACTING, _CARRIES_OUT, ("done_at", "tries")),
    _content("agencyrecord", change=True, columns=("wpg_article", "basis")),
    _content("premises", more=ROWS.weighed_at_rework("casework_premises"), corrected=PLACE),
    _content("household", corrected=("label",)),
    _content("personincase", change=True, more=WEIGHED),
    _content("note", more=ROWS.weighed_at_rework("casework_note")),
    _content("criterion"),
    _content("visit", change=True),
    _content("correction"),
    Rights("casework_correctionnews", ROWS.correction_news("casework_correctionnews")),
    _corrected_facts(),
    _workflow("track", TRACK),
    _workflow("steptaken", more=SHARED_STEPS, add=False),
    _workflow("approval", ("approved_by_id", "approved_at", "approved_roles", "approver_reason")),
    _workflow("deadline", TERM, more=f"({OF_HANDOFFS}) OR ({OF_EMERGENCIES})"),
    Rights("casework_nametoken", ROWS.owned_by_agency("casework_nametoken")),
    Rights("casework_notice", NOTICES, ROWS.workflow_row("casework_notice")),
    Rights("casework_advice", ADVICE, f"{ADVICE} AND {ACTION} = 'record_advice'"),
    Rights("casework_decreedday", "true", among(ACTION, ["migrate", "manage_calendar"])),
    _apart("source", Action.REVEAL_SOURCE),
    Rights(
        "casework_citizennumber",
        ROWS.may_hold_bsn(_NUMBER.see or "false"),
        ROWS.may_hold_bsn(_NUMBER.add or "false"),
    ),
    Rights(
        "casework_emergency",
        ROWS.emergency("casework_emergency"),
        None,
        ROWS.emergency_change("casework_emergency"),
        ENDED,
    ),
    Rights(
        "casework_finding",
        ROWS.finding("casework_finding"),
        ROWS.finding_made("casework_finding"),
        ROWS.finding_closed("casework_finding"),
        ("closing", "closed_by_id", "closed_at"),
    ),
    Rights(
        "casework_review",
        ROWS.review("casework_review"),
        f"{ROWS.review('casework_review')} AND made_by_id = {PERSON} AND "
        f"{among(ACTION, ['annotate_trail', 'sign_off_review', 'draw_sample', 'export_trail'])}",
    ),
    Rights(
        "casework_export",
        ROWS.export("casework_export"),
        f"{ROWS.export('casework_export')} AND {ACTION} = 'export_trail'",
        f"{ROWS.export('casework_export')} AND {ACTION} = 'export_trail'",
        EXPORT,
    ),
    Rights(
        "casework_exportpart",
        ROWS.export_part("casework_exportpart"),
        f"{ROWS.export_part('casework_exportpart')} AND {ACTION} = 'export_trail'",
    ),
    # Written by functions of the keeper alone (casework/sql/drafts.sql).
    Rights("casework_draft", ROWS.draft("casework_draft")),
    Rights(
        "casework_knowncheck",
        ROWS.known_check("casework_knowncheck"),
        None,
        f"{ACTION} = 'answer_known_check' AND {ROWS.known_check('casework_knowncheck')}",
        ("answer", "answer_reason", "answered_by_id", "answered_at"),
    ),
    Rights(
        "casework_absence",
        ROWS.of_team("casework_absence", "user_id", "deputy_id"),
        ROWS.settled_by_assigner("casework_absence"),
        ROWS.settled_by_assigner("casework_absence"),
        ("replaced_at",),
    ),
    Rights(
        "casework_reassignment",
        ROWS.of_team("casework_reassignment", "holder_id", "taker_id"),
        ROWS.settled_by_assigner("casework_reassignment"),
    ),
)

SETTLE = (
    law_rows.SETTLE
    + OUTBOX
    + "".join(rights.sql() for rights in RIGHTS)
    + "DROP POLICY IF EXISTS app_see ON audit_entry;\n"
    + f"CREATE POLICY app_see ON audit_entry FOR SELECT TO {APP} USING ({ROWS.entries()});\n"
)
"""Brings rows of the law, policies and privileges of the records up to date, whatever was there before."""
