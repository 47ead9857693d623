"""Row policies, generated from the permission matrix.

Records come from read_record, shells from see_case, packages from see_handoff.
An agency's own row opens nothing by itself, and a wall beats everything.
"""

from permissions.decision import DESK_STATES, ENDED_STATES, PACKAGE_STATES, TAKEN_STATES, roles_with
from permissions.grid import Cell
from permissions.guard import AGENCY, MOMENT, PERSON, ROLE, among
from permissions.vocabulary import CASE_ROLES, Action, Role

RUNNING = f"x.starts_at <= {MOMENT} AND (x.ends_at IS NULL OR x.ends_at > {MOMENT})"
SYSTEM = among(ROLE, [Role.COURIER, Role.SCHEDULER])


def _ordered(words: frozenset[str]) -> list[str]:
    return sorted(words)


def _named(case: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM casework_naming x WHERE x.content_object_id = {case} AND x.user_id = {PERSON} "
        f"AND x.agency_id = {AGENCY} AND {RUNNING})"
    )


def _unwalled(case: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM casework_wall x WHERE x.case_id = {case} AND x.user_id = {PERSON} AND {RUNNING})"


def _within(case: str, own: list[Role], named: list[Role]) -> str:
    """Return the condition of a role for all of the agency's cases, or of one only where this person is named."""
    reach = f"({among(ROLE, own)} OR ({among(ROLE, named)} AND {_named(case)}))"
    return f"{reach} AND {_unwalled(case)}"


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
    named = _named(f"{table}.case_id")
    sender = f"({_end(see, Cell.END)} OR ({_end(see, Cell.NAMED_END)} AND {named}))"
    desk = _end(see, Cell.END, Cell.NAMED_END, Cell.RECEIVER)
    state = f"{table}.state"
    receiver = (
        f"(({among(state, _ordered(DESK_STATES | ENDED_STATES))} AND {desk}) OR "
        f"({among(state, _ordered(TAKEN_STATES))} AND {sender}))"
    )
    return (
        f"(({table}.sender_id = {AGENCY} AND ({SYSTEM} OR {sender})) OR "
        f"({table}.receiver_id = {AGENCY} AND ({SYSTEM} OR {receiver}))) AND {_unwalled(f'{table}.case_id')}"
    )


def package_item(table: str) -> str:
    """Return the condition of a package item: the sender's own, or a receiver's in a state that shows the package."""
    return (
        f"EXISTS (SELECT 1 FROM casework_handoff h WHERE h.id = {table}.handoff_id AND (h.sender_id = {AGENCY} OR "
        f"({among('h.state', _ordered(PACKAGE_STATES))} AND {table}.package = ANY (h.delivered))))"
    )


def ruling(table: str) -> str:
    """Return the condition of an agency's ruling: see_case says yes; a count of rulings tells nothing more."""
    case = f"{table}.content_object_id"
    own, named, end = (_roles(Action.SEE_CASE, cell) for cell in (Cell.OWN, Cell.NAMED, Cell.END))
    at_end = f"EXISTS (SELECT 1 FROM casework_handoff h WHERE h.case_id = {case})"
    reach = f"({among(ROLE, own)} OR ({among(ROLE, named)} AND {_named(case)}) OR ({among(ROLE, end)} AND {at_end}))"
    return (
        f"{table}.group_id = {AGENCY} AND {table}.starts_at <= {MOMENT} AND ({table}.ends_at IS NULL OR "
        f"{table}.ends_at > {MOMENT}) AND ({SYSTEM} OR ({reach} AND {_unwalled(case)}))"
    )


def naming(table: str) -> str:
    """Return the condition of a naming: one's own, or those of the agency for who may assign."""
    return (
        f"{table}.agency_id = {AGENCY} AND ({table}.user_id = {PERSON} OR {_end(Action.ASSIGN, Cell.OWN)}) "
        f"AND {_unwalled(f'{table}.content_object_id')}"
    )


def ledger(table: str) -> str:
    """Return the condition of a ledger line: the case's own people, and those who may see the ledger of the agency."""
    reach = _within(
        f"{table}.case_id",
        _roles(Action.READ_RECORD, Cell.OWN),
        _roles(Action.READ_RECORD, Cell.NAMED),
    )
    return f"{table}.agency_id = {AGENCY} AND ({_end(Action.SEE_LEDGER, Cell.OWN, Cell.AGENCY)} OR ({reach}))"
