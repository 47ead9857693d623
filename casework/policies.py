"""Row policies, generated from the permission matrix.

Records come from read_record, shells from see_case, packages from see_handoff.
An agency's own row opens nothing by itself, and a wall beats everything.
"""

from permissions import policies as trail_policies
from permissions.decision import BREAKS_GLASS, DESK_STATES, ENDED_STATES, TAKEN_STATES, roles_with
from permissions.grid import Cell
from permissions.guard import ACTION, AGENCY, MOMENT, PERSON, ROLE, among
from permissions.vocabulary import CASE_ROLES, Action, Role
from workflows.retention import RETENTION


def running(table: str) -> str:
    """Return the condition that a dated row runs now: its end takes effect at its instant."""
    return f"{table}.starts_at <= {MOMENT} AND ({table}.ends_at IS NULL OR {table}.ends_at > {MOMENT})"


RUNNING = running("x")
SYSTEM = among(ROLE, [Role.COURIER, Role.SCHEDULER])


def _ordered(words: frozenset[str]) -> list[str]:
    return sorted(words)


def is_named(case: str) -> str:
    """Return the condition that the acting person is named on a case."""
    return (
        f"EXISTS (SELECT 1 FROM casework_naming x WHERE x.content_object_id = {case} AND x.user_id = {PERSON} "
        f"AND x.agency_id = {AGENCY} AND {RUNNING})"
    )


def is_unwalled(case: str) -> str:
    """Return the condition that no wall stands between the acting person and a case."""
    return f"NOT EXISTS (SELECT 1 FROM casework_wall x WHERE x.case_id = {case} AND x.user_id = {PERSON} AND {RUNNING})"


def has_broken_glass(case: str, agency: str) -> str:
    """Return the condition that the acting person's emergency runs for an agency's part of a case."""
    return (
        f"EXISTS (SELECT 1 FROM casework_emergency x WHERE x.case_id = {case} AND x.user_id = {PERSON} "
        f"AND x.agency_id = {agency} AND x.asker_agency_id = {AGENCY} AND x.ended_at IS NULL AND {RUNNING})"
    )


def has_handoff(case: str) -> str:
    """Return the condition that the acting agency stands at an end of a handoff in a case."""
    return f"EXISTS (SELECT 1 FROM casework_handoff h WHERE h.case_id = {case})"


def in_emergency(table: str, rule: str, *, case: str = "case_id", agency: str = "agency_id", also: str = "true") -> str:
    """Return a condition for reading that also holds for who reads this agency's part of the case in an emergency."""
    own = f"{table}.{case}"
    return (
        f"({rule}) OR ({among(ACTION, sorted(BREAKS_GLASS))} AND "
        f"{among(ROLE, _roles(Action.ASK_EMERGENCY, Cell.CONTROLLER))} AND {has_broken_glass(own, f'{table}.{agency}')} "
        f"AND {also} AND {is_unwalled(own)})"
    )


def _within(case: str, own: list[Role], named: list[Role]) -> str:
    """Return the condition of a role for all of the agency's cases, or of one only where this person is named."""
    reach = f"({among(ROLE, own)} OR ({among(ROLE, named)} AND {is_named(case)}))"
    return f"{reach} AND {is_unwalled(case)}"


def _roles(action: Action, *cells: Cell) -> list[Role]:
    return list(roles_with(action, *cells))


def owned_by_agency(table: str, *, system: bool = False) -> str:
    """Return the condition of a content row: own agency, and read_record says yes."""
    reach = _within(
        f"{table}.case_id",
        _roles(Action.READ_RECORD, Cell.OWN),
        _roles(Action.READ_RECORD, Cell.NAMED),
    )
    return _of_agency(table, reach, system=system)


def workflow_row(table: str) -> str:
    """Return the condition of a track, deadline or approval: own agency, and any act on tracks says yes."""
    own = [role for role in Role if role in CASE_ROLES and any(role in roles_with(a, Cell.OWN) for a in Action)]
    named = [role for role in _roles(Action.SEE_CASE, Cell.NAMED) if role not in own]
    return _of_agency(table, _within(f"{table}.case_id", own, named), system=True)


def _of_agency(table: str, reach: str, *, system: bool) -> str:
    reach = f"({SYSTEM} OR ({reach}))" if system else f"({reach})"
    return f"{table}.agency_id = {AGENCY} AND {reach}"


def _end(action: Action, *cells: Cell) -> str:
    return among(ROLE, _roles(action, *cells))


def handoff(table: str) -> str:
    """Return the condition of a handoff: at its sending end, or at its receiving end from delivery on."""
    see = Action.SEE_HANDOFF
    named = is_named(f"{table}.case_id")
    end = f"({_end(see, Cell.END)} OR ({_end(see, Cell.NAMED_END)} AND {named}))"
    desk = _end(see, Cell.END, Cell.NAMED_END, Cell.RECEIVER)
    state = f"{table}.state"
    kept = RETENTION["DISCLOSURE_LEDGER"].years
    recent = (  # what an ended handoff leaves (workflows/residual.py), until the end of that local day
        f"(({MOMENT} AT TIME ZONE 'Europe/Amsterdam')::date <= "
        f"(({table}.moved_at AT TIME ZONE 'Europe/Amsterdam')::date + interval '{kept} years')::date)"
    )
    over = f"({among(state, _ordered(TAKEN_STATES))} OR ({among(state, _ordered(ENDED_STATES))} AND {recent}))"
    receiver = f"(({among(state, _ordered(DESK_STATES))} AND {desk}) OR ({over} AND ({_end(see, Cell.RECEIVER)} OR {end})))"
    return (
        f"(({table}.sender_id = {AGENCY} AND ({SYSTEM} OR {end})) OR "
        f"({table}.receiver_id = {AGENCY} AND ({SYSTEM} OR {receiver}))) AND {is_unwalled(f'{table}.case_id')}"
    )


DESK_READERS = tuple(r for r in Role if any(r in roles_with(a, Cell.RECEIVER, Cell.NAMED_END) for a in Action))
"""Roles with a receiving cell: who reads a package that lies on the desk."""


def _received() -> str:
    """Return the condition of a handoff whose package the receiver reads.

    On the desk those with a receiving cell read it, once taken over the named people and who sees all of an end.
    """
    desk = f"{among('h.state', _ordered(DESK_STATES))} AND {among(ROLE, DESK_READERS)}"
    taken = (
        f"{among('h.state', _ordered(TAKEN_STATES))} AND ({_end(Action.SEE_HANDOFF, Cell.END)} OR {is_named('h.case_id')})"
    )
    return f"({desk}) OR ({taken})"


def package_item(table: str) -> str:
    """Return the condition of a package item: the sender's own, or a receiver's in a state that shows them the package."""
    return (
        f"EXISTS (SELECT 1 FROM casework_handoff h WHERE h.id = {table}.handoff_id AND (h.sender_id = {AGENCY} OR "
        f"({table}.package = ANY (h.delivered) AND ({SYSTEM} OR {_received()}))))"
    )


def correction_news(table: str) -> str:
    """Return the condition of what is told of a correction: the sender's own, or a receiver's who reads the package."""
    return (
        f"EXISTS (SELECT 1 FROM casework_handoff h WHERE h.id = {table}.handoff_id AND (h.sender_id = {AGENCY} OR "
        f"({table}.delivered_at IS NOT NULL AND ({_received()}))))"
    )


def ruling(table: str) -> str:
    """Return the condition of an agency's ruling: see_case says yes; a count of rulings tells nothing more."""
    case = f"{table}.content_object_id"
    own, named, end = (_roles(Action.SEE_CASE, cell) for cell in (Cell.OWN, Cell.NAMED, Cell.END))
    owns = f"{among(ROLE, own)} AND {table}.keeps"
    reach = f"(({owns}) OR ({among(ROLE, named)} AND {is_named(case)}) OR ({among(ROLE, end)} AND {has_handoff(case)}))"
    return f"{table}.group_id = {AGENCY} AND {running(table)} AND ({SYSTEM} OR ({reach} AND {is_unwalled(case)}))"


def naming(table: str) -> str:
    """Return the condition of a naming: one's own, or those of the agency for who may assign."""
    return (
        f"{table}.agency_id = {AGENCY} AND ({table}.user_id = {PERSON} OR {_end(Action.ASSIGN, Cell.OWN)}) "
        f"AND {is_unwalled(f'{table}.content_object_id')}"
    )


def wall(table: str) -> str:
    """Return the condition of a new wall: before oneself, or by who may; the keeper looks at case and membership."""
    raised = f"{ACTION} = 'wall_person' AND {among(ROLE, _roles(Action.WALL_PERSON, Cell.OWN))}"
    return (
        f"{table}.agency_id = {AGENCY} AND {table}.ends_at IS NULL AND ({table}.user_id = {PERSON} AND "
        f"{ACTION} = 'declare_conflict' OR {raised})"
    )


def kept_apart(table: str, action: Action) -> str:
    """Return the condition of what only an act of its own shows: a source, a citizen service number."""
    reach = _within(f"{table}.case_id", _roles(action, Cell.OWN), _roles(action, Cell.NAMED))
    return f"{table}.agency_id = {AGENCY} AND {ACTION} = '{action}' AND {reach}"


def weighed_at_delivery(table: str) -> str:
    """Return the condition of a person whom the courier weighs at the sender's end: whose consent carries what was sent."""
    own = f"{table}.agency_id = {AGENCY} AND {among(ROLE, [Role.COURIER])}"
    package = f"{ACTION} = 'deliver_handoff' AND {_is_sent_from(table, ['sent'])}"
    news = f"{ACTION} = 'deliver_correction' AND {_is_sent_from(table, _ordered(DESK_STATES | TAKEN_STATES))}"
    return f"{own} AND (({package}) OR ({news}))"


def weighed_at_rework(table: str) -> str:
    """Return the condition of a row by which who takes a package back finds what is to be kept secret since."""
    sender = f"{among(ROLE, _roles(Action.REWORK_HANDOFF, Cell.SENDER))} AND {ACTION} = 'rework_handoff'"
    unwalled = is_unwalled(f"{table}.case_id")
    return f"{table}.agency_id = {AGENCY} AND {sender} AND {_is_sent_from(table, ['prepared'])} AND {unwalled}"


def _is_sent_from(table: str, states: list[str]) -> str:
    return (
        f"EXISTS (SELECT 1 FROM casework_handoff h WHERE h.case_id = {table}.case_id AND h.sender_id = {AGENCY} "
        f"AND {among('h.state', states)})"
    )


def may_hold_bsn(rule: str) -> str:
    """Return a condition that also asks that the agency may hold citizen service numbers."""
    return f"({rule}) AND EXISTS (SELECT 1 FROM permissions_agency a WHERE a.group_id = {AGENCY} AND a.may_hold_bsn)"


def emergency(table: str) -> str:
    """Return the condition of an emergency: one's own, or those in the agency's cases for who reviews them."""
    reviews = _end(Action.REVIEW_EMERGENCY, Cell.OWN, Cell.AGENCY)
    return (
        f"(({table}.user_id = {PERSON} AND {table}.asker_agency_id = {AGENCY}) OR "
        f"({table}.agency_id = {AGENCY} AND {reviews})) AND {is_unwalled(f'{table}.case_id')}"
    )


def emergency_change(table: str) -> str:
    """Return the condition of ending or reviewing an emergency: the second never by its user."""
    named = f"{table}.user_id = {PERSON} AND {table}.asker_agency_id = {AGENCY}"
    leads = f"{table}.agency_id = {AGENCY} AND {_end(Action.END_EMERGENCY, Cell.OWN)}"
    reviews = f"{table}.agency_id = {AGENCY} AND {table}.user_id <> {PERSON}"
    reviewer = _end(Action.REVIEW_EMERGENCY, Cell.OWN, Cell.AGENCY)
    return (
        f"({ACTION} = 'end_emergency' AND (({named}) OR ({leads}))) OR "
        f"({ACTION} = 'review_emergency' AND {reviews} AND {reviewer})"
    )


def _agency_for(action: Action, *cells: Cell) -> str:
    """Return the acting agency where the role may, else nothing: one value, so that the planner expects all of its rows."""
    return f"(SELECT lock.agency() WHERE {among('lock.role()', _roles(action, *cells))})"


def finding(table: str) -> str:
    """Return the condition of a finding: the agency's for its auditors, those of their cases for external ones.

    One that is no one agency's is for the auditors of every agency.
    """
    mine = _agency_for(Action.RAISE_FINDING, Cell.AGENCY, Cell.NAMED)
    own = f"({table}.opened_by_id = {PERSON} OR {is_named(f'{table}.case_id')})"
    everybody = f"({table}.agency_id IS NULL AND {_end(Action.RAISE_FINDING, Cell.AGENCY)})"
    return f"({table}.agency_id = {mine} AND ({_end(Action.RAISE_FINDING, Cell.AGENCY)} OR {own})) OR {everybody}"


def review(table: str) -> str:
    """Return the condition of what was written beside the trail: the agency's for its auditors, else one's own."""
    mine = _agency_for(Action.ANNOTATE_TRAIL, Cell.AGENCY, Cell.NAMED)
    return f"{table}.agency_id = {mine} AND ({_end(Action.ANNOTATE_TRAIL, Cell.AGENCY)} OR {table}.made_by_id = {PERSON})"


def export(table: str) -> str:
    """Return the condition of an export of the trail: of the person who asked for it alone, while they may ask for one."""
    mine = _agency_for(Action.EXPORT_TRAIL, Cell.AGENCY, Cell.NAMED)
    return f"{table}.agency_id = {mine} AND {table}.made_by_id = {PERSON}"


def export_part(table: str) -> str:
    """Return the condition of a part of an export: that of its export."""
    return f"EXISTS (SELECT 1 FROM casework_export x WHERE x.id = {table}.export_id)"


def finding_made(table: str) -> str:
    """Return the condition of a new finding: by an auditor, or by who reviewed an emergency; never a difference."""
    reviewer = _end(Action.REVIEW_EMERGENCY, Cell.OWN, Cell.AGENCY)
    return (
        f"{table}.agency_id = {AGENCY} AND {table}.about_id <> {PERSON} AND {table}.in_table = '' AND "
        f"(({ACTION} = 'raise_finding' AND {_end(Action.RAISE_FINDING, Cell.AGENCY, Cell.NAMED)}) OR "
        f"({ACTION} = 'review_emergency' AND {reviewer}))"
    )


def finding_closed(table: str) -> str:
    """Return the condition of closing a finding: an auditor, never the person whom it concerns."""
    named = f"({_end(Action.CLOSE_FINDING, Cell.NAMED)} AND {is_named(f'{table}.case_id')})"
    closes = f"({_end(Action.CLOSE_FINDING, Cell.AGENCY)} OR {named})"
    mine = f"({table}.agency_id = {AGENCY} OR {table}.agency_id IS NULL)"
    another = f"{table}.about_id IS DISTINCT FROM {PERSON} AND {PERSON} <> ALL ({table}.people)"
    return f"{mine} AND {ACTION} = 'close_finding' AND {closes} AND {another}"


def known_check(table: str) -> str:
    """Return the condition of a question whether a person is known: the agency's own, for who answers them."""
    mine = _agency_for(Action.ANSWER_KNOWN_CHECK, Cell.AGENCY)
    return f"{table}.agency_id = {mine} AND {is_unwalled(f'{table}.case_id')}"


def entries() -> str:
    """Return the condition of an entry of the trail: as the law says, and never another's in a case behind a wall."""
    walled = f"audit_entry.case_id IS NOT NULL AND NOT ({is_unwalled('audit_entry.case_id')})"
    return trail_policies.entries(walled, is_named("audit_entry.case_id"))


def ledger(table: str) -> str:
    """Return the condition of a ledger line: the case's own people, and those who may see the ledger of the agency."""
    reach = _within(
        f"{table}.case_id",
        _roles(Action.READ_RECORD, Cell.OWN),
        _roles(Action.READ_RECORD, Cell.NAMED),
    )
    external = f"({_end(Action.SEE_LEDGER, Cell.NAMED)} AND {is_named(f'{table}.case_id')})"
    return f"{table}.agency_id = {AGENCY} AND ({_end(Action.SEE_LEDGER, Cell.OWN, Cell.AGENCY)} OR {external} OR ({reach}))"
