"""Which terms make no sense any more when somebody is gone: every clock, by every way of being gone.

`deceased`: they have died. `moved_unknown`: nobody knows where they live. `moved`: they live elsewhere, as a review
found. `merged`: the row is that of somebody else in the record. It stops only terms of that
person, and of the warning, help and victim tracks about them. Terms about other people run on, those about children above all.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from permissions.vocabulary import Action
from workflows.clocks import TERMS
from workflows.fitting import EXCLUDED
from workflows.table import LawError, Workflow

WAYS = ("deceased", "moved_unknown", "moved", "merged")
TABLE = """
    clock                deceased  moved_unknown  moved  merged  because
    ACUTE_CHECK          runs      runs           runs   runs    a report is checked for everybody in it, the children first
    SAFETY_ASSESSMENT    runs      runs           runs   runs    what is assessed is the safety of everybody in the household
    ASSESSMENT_DECREE    runs      runs           runs   runs    what is assessed is the safety of everybody in the household
    INVESTIGATION        runs      runs           runs   runs    what is investigated happened to somebody else
    CHILDREN_FOUND       runs      runs           runs   runs    the children are still there
    CHILD_CHECK          runs      runs           runs   runs    whether there are children is still to be found out
    CONDITIONS_ARRANGED  runs      runs           runs   runs    what is arranged keeps the others in the household safe
    INFORM_SUBJECT       stops     stops          runs   stops   nobody can be informed; without an address (Wmo 5.3.1, GDPR 14(5)(b)) until the next provision; who was merged has the term of the other row
    INFORM_REPORTER      runs      runs           runs   runs    the reporter is somebody else
    NEXT_STEP            runs      runs           runs   runs    the agency says what it does for the others in the household, or closes
    TRANSFER_START       runs      runs           runs   runs    what was handed over is about the household
    MONITORING_PLAN      runs      runs           runs   runs    what is monitored is the safety of everybody in the household
    MONITORING           runs      runs           runs   runs    what is monitored is the safety of everybody in the household
    DRAFT                runs      runs           runs   runs    the report is submitted or discarded all the same
    TAKE_UP              runs      runs           runs   runs    somebody says what becomes of the report
    TRIAGE               runs      runs           runs   runs    somebody says what becomes of the report
    VISIT                stops     runs           runs   runs    nobody is left to be visited; who is not found yet is looked for
    VISIT_AGAIN          stops     runs           runs   runs    nobody is left to be visited; who is not found yet is looked for
    VISIT_OUTCOME        runs      runs           runs   runs    what the visit found is decided on all the same
    YOUTH_DECISION       runs      runs           runs   runs    the prosecutor is told and says that nothing follows
    WELFARE_CALL         stops     runs           runs   runs    nobody is left to be called; who moved has a telephone
    WARNED               runs      runs           runs   runs    the warning goes on to its end: it can be closed from the follow-up
    FOLLOW_UP            stops     runs           stops  runs    nobody is left to be reviewed; whose whereabouts are unknown is looked for, who lives elsewhere is handed over, planned anew or closed (SCHEDULE_DONE)
    ESCALATED            runs      runs           runs   runs    the investigation is closed or not by a decision
    HELP_OFFER           stops     runs           runs   runs    nobody is left to be offered help
    OFFER_ANSWER         stops     runs           runs   runs    nobody is left to answer
    HELP_HANDOFF         stops     runs           runs   runs    nobody is left to be handed over
    HELP_START           stops     runs           runs   runs    nobody is left to be helped
    HELP_REVIEW          stops     runs           stops  runs    nobody is left to be reviewed; who lives elsewhere is handed over, planned anew or ended (SCHEDULE_DONE)
    VICTIM_NEEDS         stops     runs           runs   runs    nobody is left whose needs are assessed
    VICTIM_OFFER         stops     runs           runs   runs    nobody is left to be offered help
    SUBJECT_GONE         runs      runs           runs   runs    it is what remains: the track is ended
    SCHEDULE_DONE        runs      runs           runs   runs    it is what remains: the track is closed, or planned anew
    HANDOFF_CHECK        runs      runs           runs   runs    both ends still have a package to settle: the sender can withdraw it
    HANDOFF_SEND         runs      runs           runs   runs    both ends still have a package to settle: the sender can withdraw it
    HANDOFF_DELIVER      runs      runs           runs   runs    both ends still have a package to settle: the sender can withdraw it
    HANDOFF_ACK          runs      runs           runs   runs    both ends still have a package to settle: the sender can withdraw it
    HANDOFF_ANSWER       runs      runs           runs   runs    both ends still have a package to settle: the sender can withdraw it
    HANDOFF_START        runs      runs           runs   runs    both ends still have a package to settle: the sender can withdraw it
    HANDOFF_AGAIN        runs      runs           runs   runs    the sender says why nothing is sent again
    HANDOFF_EXPIRY       runs      runs           runs   runs    both ends still have a package to settle: the sender can withdraw it
    HANDOFF_CORRECTED    runs      runs           runs   runs    who received what was wrong is told, also of who has died
    HANDOFF_NEWS         runs      runs           runs   runs    who received what was wrong corrects it, also of who has died
    EMERGENCY            runs      runs           runs   runs    it is about who opened a case in an emergency
    EMERGENCY_REVIEW     runs      runs           runs   runs    it is about who opened a case in an emergency
"""

ENDING = "SUBJECT_GONE"
"""What runs on a track about somebody who has died, until it is ended: an open track is never without a clock."""
OF_THE_LIVING = frozenset(other for this, other in EXCLUDED if this == "person_gone:deceased")
"""Facts that cannot be of somebody who has died."""
OF_A_PERSON = frozenset({"warning", "help", "victim"})
"""Tracks about one person; a safety track is about everybody in the household."""


def rows_of(table: str) -> list[list[str]]:
    """Read the rows; a clock without its row, a cell that is neither, or a row without its reason is a LawError."""
    rows = []
    for number, line in enumerate([line for line in table.splitlines() if line.strip()][1:], 2):
        cells = re.split(r"\s+", line.strip(), maxsplit=len(WAYS) + 1)
        if len(cells) < len(WAYS) + 2 or not set(cells[1:-1]) <= {"runs", "stops"}:
            raise LawError(f"gone line {number}: a row needs a clock, `runs` or `stops` for every way, and because")
        rows.append(cells)
    if missing := {row[0] for row in rows} ^ set(TERMS):
        raise LawError(f"gone: {min(missing)} is no clock, or has no row")
    return rows


def _stops(table: str) -> dict[str, tuple[str, ...]]:
    rows = rows_of(table)
    return {way: tuple(row[0] for row in rows if row[place] == "stops") for place, way in enumerate(WAYS, 1)}


STOPS: Mapping[str, tuple[str, ...]] = MappingProxyType(_stops(TABLE))
"""The clocks that stop by each way in which somebody is gone."""


def ends_of(workflow: Workflow, state: str) -> list[Action]:
    """Return the steps that can end a track about somebody who has died: those that ask nothing of the dead."""
    ends = [step for step in workflow.steps if step.source == state and step.target in workflow.final]
    asked = {Action.WITHDRAW_CONSENT} | {step.action for step in ends if OF_THE_LIVING & set(step.needs)}
    return [step.action for step in ends if step.action not in asked]
