"""What the SQL of the records is told by Python: functions without arguments that always answer this (decision 0018)."""

from casework.input.codes import ADULT_YEARS, FOR_HELP, HELD, HELPING, WARNED_OUTCOMES
from casework.people.children import AROUND, ARRIVED, LEAST_REASON, YOUNGEST
from permissions.decision import BREAKS_GLASS, DESK_STATES, ENDED_STATES, SEEING_NO_CASE, TAKEN_STATES, WORKING, roles_with
from permissions.grid import Cell
from permissions.vocabulary import CASE_ROLES, Action, Role
from workflows.fact_words import CHILDREN_FOUND_CODES
from workflows.retention import RETENTION
from workflows.tracks import ASSIGNING_ACTIONS, RECORDED_CLOCKS

_EVERY_CASE = [role for role in Role if role in CASE_ROLES and any(role in roles_with(a, Cell.OWN) for a in Action)]
_OVERSEERS = roles_with(Action.SEE_ACCESS_LOG, Cell.AGENCY, Cell.NAMED)
_SEE_END = roles_with(Action.SEE_HANDOFF, Cell.END)
_SEE_NAMED_END = roles_with(Action.SEE_HANDOFF, Cell.NAMED_END)


def _words(*words: str) -> tuple[str, ...]:
    """Return words of our own as the database knows them, each once."""
    return tuple(dict.fromkeys(map(str, words)))


ROLES: dict[str, tuple[str, ...]] = {
    # Who watches over records and their log.
    "lock.overseers": _words(*_OVERSEERS),
    "lock.seeing_no_case": _words(*SEEING_NO_CASE),
    "lock.named_overseers": _words(*roles_with(Action.SEE_ACCESS_LOG, Cell.NAMED)),
    "lock.case_log_leaders": _words(*roles_with(Action.SEE_CASE_LOG, Cell.OWN)),
    "lock.leading_roles": _words(*roles_with(Action.SEE_CASE, Cell.OWN), *_OVERSEERS),
    "lock.access_explainers": _words(*roles_with(Action.EXPLAIN_ACCESS, Cell.OWN, Cell.AGENCY, Cell.NAMED), Role.MIGRATION),
    "lock.reference_readers": _words(
        *_OVERSEERS, *roles_with(Action.EXPLAIN_ACCESS, Cell.OWN, Cell.AGENCY, Cell.NAMED), Role.MIGRATION
    ),
    "lock.finding_readers": _words(*roles_with(Action.RAISE_FINDING, Cell.AGENCY, Cell.NAMED)),
    "lock.agency_finding_readers": _words(*roles_with(Action.RAISE_FINDING, Cell.AGENCY)),
    "lock.finding_closers": _words(*roles_with(Action.CLOSE_FINDING, Cell.AGENCY)),
    "lock.named_finding_closers": _words(*roles_with(Action.CLOSE_FINDING, Cell.NAMED)),
    "lock.annotators": _words(*roles_with(Action.ANNOTATE_TRAIL, Cell.AGENCY, Cell.NAMED)),
    "lock.agency_annotators": _words(*roles_with(Action.ANNOTATE_TRAIL, Cell.AGENCY)),
    "lock.trail_exporters": _words(*roles_with(Action.EXPORT_TRAIL, Cell.AGENCY, Cell.NAMED)),
    # Who works on cases.
    "lock.case_leaders": _words(*roles_with(Action.SEE_CASE, Cell.OWN)),
    "lock.case_workers": _words(*roles_with(Action.SEE_CASE, Cell.NAMED)),
    "lock.case_end_readers": _words(*roles_with(Action.SEE_CASE, Cell.END)),
    "lock.track_leaders": _words(*_EVERY_CASE),
    "lock.track_workers": _words(*(role for role in roles_with(Action.SEE_CASE, Cell.NAMED) if role not in _EVERY_CASE)),
    "lock.record_leaders": _words(*roles_with(Action.READ_RECORD, Cell.OWN)),
    "lock.record_workers": _words(*(role for action in Action for role in roles_with(action, Cell.OWN, Cell.NAMED))),
    "lock.working_roles": _words(*WORKING),
    "lock.assigners": _words(*roles_with(Action.ASSIGN, Cell.OWN)),
    "lock.wall_lifters": _words(*roles_with(Action.LIFT_WALL, Cell.OWN)),
    "lock.case_openers": _words(*roles_with(Action.OPEN_CASE, Cell.AGENCY)),
    "lock.warning_askers": _words(
        *(
            role
            for action in (Action.PLAN_VISIT, Action.WRITE_RECORD, Action.RETARGET)
            for role in roles_with(action, Cell.OWN, Cell.NAMED)
        )
    ),
    # Who asks across agencies.
    "lock.emergency_askers": _words(*roles_with(Action.ASK_EMERGENCY, Cell.CONTROLLER)),
    "lock.emergency_reviewers": _words(*roles_with(Action.REVIEW_EMERGENCY, Cell.OWN, Cell.AGENCY)),
    "lock.known_checkers": _words(*roles_with(Action.CHECK_KNOWN, Cell.AGENCY)),
    "lock.check_answerers": _words(*roles_with(Action.ANSWER_KNOWN_CHECK, Cell.AGENCY)),
    # Who reads a package, at which end.
    "lock.end_readers": _words(*_SEE_END),
    "lock.named_end_readers": _words(*_SEE_NAMED_END),
    "lock.receiver_readers": _words(*roles_with(Action.SEE_HANDOFF, Cell.RECEIVER)),
    "lock.desk_readers": _words(*roles_with(Action.SEE_HANDOFF, Cell.END, Cell.NAMED_END, Cell.RECEIVER)),
    "lock.handoff_accepters": _words(*roles_with(Action.ACCEPT_HANDOFF, Cell.RECEIVER)),
    "lock.package_weighers": _words(*_SEE_END, *_SEE_NAMED_END, Role.COURIER),
}
"""Roles out of the matrix (permissions/matrix.py), by what they may."""
WORDS: dict[str, tuple[str, ...]] = {
    "lock.actions_assigning_doer": _words(*(row.action for row in ASSIGNING_ACTIONS if row.who == "doer")),
    "lock.actions_assigning_another": _words(*(row.action for row in ASSIGNING_ACTIONS if row.who == "assigned")),
    "lock.emergency_actions": _words(*sorted(BREAKS_GLASS)),
    "lock.desk_states": _words(*sorted(DESK_STATES)),
    "lock.taken_states": _words(*sorted(TAKEN_STATES)),
    "lock.ended_states": _words(*sorted(ENDED_STATES)),
    "lock.arrived_states": ARRIVED,
    "lock.recorded_clocks": _words(*RECORDED_CLOCKS),
    "lock.warned_outcomes": _words(*WARNED_OUTCOMES),
    "lock.children_found_codes": _words(*CHILDREN_FOUND_CODES),
    "lock.roles_around": AROUND,
    "lock.helping_kinds": _words(*sorted(HELPING)),
    "lock.helped_states": HELD,
    "lock.help_consents": _words(*sorted(FOR_HELP)),
}
"""Actions, states, clocks and codes."""
NUMBERS: dict[str, int] = {
    "lock.adult_years": ADULT_YEARS,
    "lock.youngest_warned": YOUNGEST,
    "lock.least_reason": LEAST_REASON,
    "lock.ledger_years": RETENTION["DISCLOSURE_LEDGER"].years,
}
CONSTANTS: dict[str, int | tuple[str, ...]] = {**ROLES, **WORDS, **NUMBERS}
