"""The clocks: what starts and stops each term, how long it is, and on which source it rests (docs/law.md section 3)."""

import re
from dataclasses import dataclass

from workflows.calendars import Calendar
from workflows.table import LawError

TABLE = """
    code                 starts              stops                                                        term             calendar         mark  source
    ACUTE_CHECK          safety.received     acute_checked acute_action not_accepted advice_given closed  1 hour           ELAPSED_HOURS    D     "at once" (VT protocol)
    SAFETY_ASSESSMENT    safety.received safety.assessing   assessed not_accepted advice_given closed     5 working_days   WORKING_DAYS_NL  S     VT protocol 2019; a new round after reassess starts it anew
    ASSESSMENT_DECREE    safety.received     assessed not_accepted advice_given closed                    5 days           TERMIJNENWET     So    Uitvoeringsbesluit Wmo 4.1.7(1): the need for an investigation is decided within five days of receipt
    INVESTIGATION        investigation_decided investigating   concluded                                    10 weeks         TERMIJNENWET     So    Uitvoeringsbesluit Wmo 4.1.7(2): from the decision that an investigation is needed (assess with outcome investigation), not from its real start
    CHILDREN_FOUND       children_found concern_report_failed   concern_report_delivered no_concern_report   1 working_day    WORKING_DAYS_NL  D     children in the household or regular contact recorded by child_check: a report or a reasoned, approved no; begins anew when the report is refused, expired or withdrawn
    CONDITIONS_ARRANGED  conditions          transfer_pending monitoring investigating assessing closed   10 weeks         CALENDAR         So    Uitvoeringsregeling Wmo annex 3.7.3
    INFORM_SUBJECT       data_from_other     subject_informed                                             4 weeks          TERMIJNENWET     So    Wmo 5.3.1: one clock per person, begun anew by each new provision about them unless informed already (+2 weeks each time; both grounds stored: needed for the task, and to end or investigate abuse)
    INFORM_REPORTER      safety.received     reporter_informed                                            5 working_days   WORKING_DAYS_NL  S     VT practice; only the fact stops it (decline_report too must tell the sender)
    NEXT_STEP            assessed concluded  conditions investigating transfer_pending closed             5 working_days   WORKING_DAYS_NL  D
    TRANSFER_START       transfer_pending    transferred conditions                                       10 working_days  WORKING_DAYS_NL  D
    MONITORING_PLAN      transferred         monitoring closed                                            5 working_days   WORKING_DAYS_NL  D
    MONITORING           monitoring          closed assessing                                             3,12 months      CALENDAR         U     practice, editable schedule
    DRAFT                warning.draft       submitted closed                                             10 working_days  WORKING_DAYS_NL  D
    TAKE_UP              submitted           triage                                                       2 working_days   WORKING_DAYS_NL  D
    TRIAGE               triage              visit_planned not_accepted escalated                         10 working_days  WORKING_DAYS_NL  D
    VISIT                visit_planned       visit_done triage escalated closed                           20 working_days  WORKING_DAYS_NL  D
    VISIT_AGAIN          visit_attempted     visit_planned closed escalated                               5 working_days   WORKING_DAYS_NL  D
    VISIT_OUTCOME        visit_done          warned closed escalated triage youth_decision                2 working_days   WORKING_DAYS_NL  D
    YOUTH_DECISION       youth_decision      warned escalated closed                                      10 working_days  WORKING_DAYS_NL  D
    WELFARE_CALL         warned              welfare_call                                                 48 hours         ELAPSED_HOURS    D     raised self-harm risk after a visit; a fact, still due after escalate
    WARNED               warned              follow_up escalated                                          5 working_days   WORKING_DAYS_NL  D
    FOLLOW_UP            follow_up           closed escalated                                             3,12 months      CALENDAR         D     editable schedule
    ESCALATED            escalated           closed triage                                                20 working_days  WORKING_DAYS_NL  D
    HELP_OFFER           not_offered         offered ended                                                5 working_days   WORKING_DAYS_NL  D
    OFFER_ANSWER         offered             information_given declined consented                         10 working_days  WORKING_DAYS_NL  D
    HELP_HANDOFF         consented           handoff_pending started ended                                5 working_days   WORKING_DAYS_NL  D
    HELP_START           handoff_pending     started consented ended                                      20 working_days  WORKING_DAYS_NL  D
    HELP_REVIEW          started             ended                                                        3,12 months      CALENDAR         D
    VICTIM_NEEDS         identified          needs_assessed                                               5 working_days   WORKING_DAYS_NL  D     sexual-violence centres: the first 7 days matter most
    VICTIM_OFFER         needs_assessed      offered ended                                                5 working_days   WORKING_DAYS_NL  D
    HANDOFF_CHECK        prepared            checked withdrawn                                            1 working_day    WORKING_DAYS_NL  D
    HANDOFF_SEND         checked returned    sent prepared withdrawn                                      1 working_day    WORKING_DAYS_NL  D
    HANDOFF_DELIVER      sent                delivered withdrawn                                          15 minutes       ELAPSED_HOURS    D
    HANDOFF_ACK          delivered           acknowledged withdrawn expired                               2 working_days   WORKING_DAYS_NL  D     acute: check, send and acknowledge 1 hour each, ELAPSED_HOURS
    HANDOFF_ANSWER       acknowledged        accepted refused returned withdrawn expired                  5 working_days   WORKING_DAYS_NL  D
    HANDOFF_START        accepted            started returned withdrawn                                   10 working_days  WORKING_DAYS_NL  D
    HANDOFF_AGAIN        refused expired withdrawn   handoff_sent_again handoff_given_up          2 working_days   WORKING_DAYS_NL  D     at the sender: send anew (changed, or to another) or say with a reason why not
    HANDOFF_EXPIRY       delivered           accepted refused returned withdrawn expired                  20 working_days  WORKING_DAYS_NL  D
    EMERGENCY            emergency.opened    emergency.ended                                              4 hours          ELAPSED_HOURS    D
    EMERGENCY_REVIEW     emergency.opened    emergency.reviewed                                           5 working_days   WORKING_DAYS_NL  D
"""

TASK_TABLE = """
    code                 starts               stops                              term             calendar         mark  source
    CHILD_CHECK          child_check_unknown  child_check_known                  2 working_days   WORKING_DAYS_NL  D     section 2, child_check: `unknown` plans a task
    SCHEDULE_DONE        schedule_done        closed escalated ended assessing monitoring_schedule review_schedule   10 working_days  WORKING_DAYS_NL  D     every moment of a schedule is met: close, or plan further moments
    SUBJECT_GONE         subject_gone         closed not_accepted ended declined information_given subject_changed   5 working_days   WORKING_DAYS_NL  D     whom the track is about has died: it is ended, or goes on about somebody else
    HANDOFF_CORRECTED    item_corrected       correction_told correction_given_up refused withdrawn expired   2 working_days   WORKING_DAYS_NL  D     GDPR 19, Wpg 28: whoever received an item that is corrected is told, or it is said with a reason why not
    HANDOFF_NEWS         correction_told      correction_handled refused withdrawn expired                    5 working_days   WORKING_DAYS_NL  D     GDPR 19, Wpg 28: the receiver corrects its own record, or says why there is nothing to correct
"""
"""Terms that the product plans beside the rows of the law, each a task of the track's agency (docs/decisions/0010)."""

OF_THE_CASE = frozenset({"CHILDREN_FOUND", "CHILD_CHECK"})
"""Clocks of an agency in a case: they run once, on whichever of its tracks the fact was stored."""

ACUTE_CLOCKS = frozenset({"HANDOFF_CHECK", "HANDOFF_SEND", "HANDOFF_ACK"})
"""Clocks that become one elapsed hour when the handoff is acute."""

ACUTE_TERM = (1, "hours", Calendar.ELAPSED_HOURS)
"""How long they are then."""

UNPAUSABLE_MARKS = frozenset({"S", "So"})
"""A term whose source is the law itself never pauses."""

RULE_VERSION = "2026-1"
"""The version of this table that a deadline carries."""

EXTENSIONS = {"INFORM_SUBJECT": (2, "weeks")}
"""Terms of the law that the law itself lets be extended, and by how much each time."""

UNITS = frozenset({"minutes", "hours", "days", "working_days", "weeks", "months"})
WIDTHS = re.compile(r"\s{2,}")


@dataclass(frozen=True, slots=True)
class Clock:
    """One row of the table: `numbers` holds more than one moment where a schedule has several."""

    code: str
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    numbers: tuple[int, ...]
    unit: str
    calendar: Calendar
    mark: str
    source: str

    @property
    def pausable(self) -> bool:
        """Whether the term may pause."""
        return self.mark not in UNPAUSABLE_MARKS

    @property
    def extension(self) -> tuple[int, str] | None:
        """By how much the term may be extended or paused at a time; None where it may not, as for terms of hours.

        A term of our own may grow by its own length; a term of the law only where the law says so.
        """
        if self.unit in {"minutes", "hours"}:
            return None
        return EXTENSIONS.get(self.code) or ((self.numbers[0], self.unit) if self.pausable else None)


def parse(table: str) -> dict[str, Clock]:
    """Read the clocks; a row without its columns, or a legal mark without its source, is a LawError."""
    clocks: dict[str, Clock] = {}
    lines = [line for line in table.splitlines() if line.strip()]
    for number, line in enumerate(lines[1:], 2):
        clock = _row(number, line)
        if clock.code in clocks:
            raise LawError(f"clock line {number}: {clock.code} stands twice")
        clocks[clock.code] = clock
    return clocks


def _row(number: int, line: str) -> Clock:
    cells = WIDTHS.split(line.strip(), maxsplit=6)
    if len(cells) < 6:  # noqa: PLR2004 - code, starts, stops, term, calendar, mark
        raise LawError(f"clock line {number}: a row needs code, starts, stops, term, calendar and mark")
    code, starts, stops, term, calendar, mark = cells[:6]
    source = cells[6] if len(cells) > 6 else ""  # noqa: PLR2004 - the seventh column is the source
    amount, unit = term.split()
    unit = unit if unit.endswith("s") else f"{unit}s"
    if unit not in UNITS:
        raise LawError(f"clock line {number}: {unit} is no unit")
    if calendar not in set(Calendar):
        raise LawError(f"clock line {number}: {calendar} is no calendar")
    if mark not in {"S", "So", "U", "D"}:
        raise LawError(f"clock line {number}: {mark} is no mark")
    if mark != "D" and not source:
        raise LawError(f"clock line {number}: {code} has no source")
    numbers = tuple(int(part) for part in amount.split(","))
    return Clock(code, tuple(starts.split()), tuple(stops.split()), numbers, unit, Calendar(calendar), mark, source)


CLOCKS = parse(TABLE)
"""The rows of docs/law.md section 3."""
TASKS = parse(TASK_TABLE)
TERMS = {**CLOCKS, **TASKS}
"""Every clock that a deadline can be of."""


def _names(kind: str, state: str) -> set[str]:
    return {state, f"{kind}.{state}"}


def started_by(kind: str, state: str) -> tuple[Clock, ...]:
    """Return the clocks that entering this state of a track, or of a handoff, starts."""
    return tuple(clock for clock in TERMS.values() if _applies(clock, kind) and _names(kind, state) & set(clock.starts))


def stopped_by(kind: str, word: str) -> frozenset[str]:
    """Return the codes of the clocks that entering this state, or storing this fact, stops."""
    return frozenset(
        clock.code for clock in TERMS.values() if _applies(clock, kind) and _names(kind, word) & set(clock.stops)
    )


def _applies(clock: Clock, kind: str) -> bool:
    """Handoff states belong to HANDOFF_ clocks, states of tracks to the others; a qualified start names its track."""
    if clock.code.startswith("HANDOFF_"):
        return kind == "handoff"
    if kind == "handoff":
        return False
    kinds = {word.split(".")[0] for word in clock.starts if "." in word}
    return not kinds or kind in kinds
