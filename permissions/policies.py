"""Who may see entries of the trail: the row policy of the entry table, generated from the matrix."""

from audit.destroy_expired import OF_THE_SYSTEM
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.guard import AGENCY, PERSON, ROLE, among
from permissions.vocabulary import Action


def entries(unless: str = "false", named: str = "false") -> str:
    """Return the condition of an entry: one's own, the agency's for its auditors, the case's for its supervisors.

    What happened to the trail and its guards is for everybody who may verify it. `unless` is a condition under which only
    one's own is shown, `named` that the person is named on its case, as an external auditor is.

    It is written as a CASE, for which the planner expects half of the rows. For the plain condition it expects one row
    in a thousand, and sorts a whole log instead of reading its newest page (docs/decisions/0007-trail.md).
    """
    of_agency = f"(audit_entry.agency_id = {AGENCY} OR audit_entry.record_agency_id = {AGENCY})"
    readers = among(ROLE, roles_with(Action.SEE_ACCESS_LOG, Cell.AGENCY))
    leads = f"({among(ROLE, roles_with(Action.SEE_CASE_LOG, Cell.OWN))} AND audit_entry.case_id IS NOT NULL)"
    external = f"({among(ROLE, roles_with(Action.SEE_ACCESS_LOG, Cell.NAMED))} AND {named})"
    others = f"{of_agency} AND ({readers} OR {leads} OR {external})"
    verifiers = among(ROLE, roles_with(Action.VERIFY_TRAIL, Cell.AGENCY, Cell.NAMED, Cell.ALL))
    system = f"audit_entry.agency_id IS NULL AND {among('audit_entry.word', OF_THE_SYSTEM)}"
    sees = f"audit_entry.actor_id = {PERSON} OR ({others} AND NOT ({unless})) OR ({verifiers} AND {system})"
    return f"CASE WHEN {sees} THEN true ELSE false END"
