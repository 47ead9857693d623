"""What fits what: the counts of an outcome, the day of a fact, what a code opens, and how long a stored fact serves.

The same tables stand in docs/law.md section 2. Pure functions of their arguments; the reader is as strict as that of the steps.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from permissions.vocabulary import Action
from workflows.table import LawError
from workflows.tracks import FACTS

OUTCOMES = """
    outcome                     warned  searched  carriers  arrested  cautioned  by
    warned                      some    none      none      none      any        record_visit
    warned_and_search           some    some      searched  none      any        record_visit
    search_only                 none    some      searched  none      any        record_visit
    nobody_home                 none    none      none      none      no         record_visit record_attempt
    wrong_address               none    none      none      none      no         record_visit record_attempt
    subject_lives_elsewhere     none    none      none      none      no         record_visit record_attempt
    subject_deceased            none    none      none      none      no         record_visit record_attempt
    converted_to_investigation  any     any       searched  none      any        record_visit
    arrest                      any     any       searched  some      any        record_visit
    refused_entry               none    none      none      none      any        record_visit record_attempt
"""

DAYS = """
    fact                       not_before  not_after
    visit_date                 case        -
    visit_report               planned     today
    sender_informed            case        today
    prior_warning_checked      case        today
    prosecutor_approval        case        today
    youth_prosecutor_decision  case        today
    known_children_checked     case        today
    search_decided             case        today
    search_authority           case        visited
    guardian_plan              case        -
    help_offer                 visited     today
    seizure                    visited     today
    welfare_call               visited     today
    review_outcome             state       today
    retention_check            state       today
    outside_domain             case        today
    reporter_informed          case        today
    subject_informed           case        today
    safety_conditions          case        -
    investigation_plan         case        -
    monitoring_schedule        case        -
    review_schedule            case        -
    monitoring_outcome         state       today
    stable_safety              state       today
    offer_form                 case        today
    information_form           offered     today
    consent                    -           today
    consent_withdrawn          -           today
    supervision_order          -           today
    start_date                 case        today
"""

OPENS = """
    fact                       code                        in                         opens
    youth_prosecutor_decision  warning                     visit_done youth_decision  warn
    youth_prosecutor_decision  halt                        visit_done youth_decision  close_unwarned escalate
    youth_prosecutor_decision  prosecution                 visit_done youth_decision  close_unwarned escalate
    youth_prosecutor_decision  no_action                   visit_done youth_decision  close_unwarned escalate
    visit_report               warned                      visit_done youth_decision  warn
    visit_report               warned_and_search           visit_done youth_decision  warn
    visit_report               search_only                 visit_done                 close_unwarned retarget
    visit_report               nobody_home                 visit_done                 close_unwarned retarget
    visit_report               wrong_address               visit_done                 close_unwarned retarget
    visit_report               subject_lives_elsewhere     visit_done                 close_unwarned retarget
    visit_report               subject_deceased            visit_done                 close_unwarned retarget
    visit_report               converted_to_investigation  visit_done                 close_unwarned retarget
    visit_report               arrest                      visit_done                 close_unwarned retarget
    visit_report               refused_entry               visit_done                 close_unwarned retarget
    acute_checked              yes                         received                   act_acutely
    acute_checked              no                          received                   start_assessment decline_report
    outcome_code               investigation               assessed                   start_investigation
    outcome_code               conditions                  assessed                   set_conditions
    outcome_code               transfer                    assessed                   hand_over_safety
    outcome_code               no_abuse                    assessed                   close_safety
    outcome_code               ended                       assessed                   close_safety
    outcome_code               confirmed                   concluded                  set_conditions hand_over_safety
    outcome_code               not_confirmed               concluded                  hand_over_safety close_safety
    outcome_code               no_abuse                    concluded                  close_safety
    outcome_code               ended                       concluded                  close_safety
    outcome_code               investigation               assessing                  assess
    outcome_code               conditions                  assessing                  assess
    outcome_code               transfer                    assessing                  assess
    outcome_code               no_abuse                    assessing                  assess
    outcome_code               ended                       assessing                  assess
    outcome_code               confirmed                   investigating              conclude
    outcome_code               not_confirmed               investigating              conclude
    outcome_code               no_abuse                    investigating              conclude
    outcome_code               ended                       investigating              conclude
    review_outcome             stable                      follow_up                  close_warning
    review_outcome             help_started                follow_up                  close_warning
    review_outcome             moved                       follow_up                  close_warning
    review_outcome             no_contact                  follow_up                  close_warning
    review_outcome             worries                     follow_up                  record_review escalate
    monitoring_outcome         safe                        monitoring                 close_safety
    monitoring_outcome         partly_safe                 monitoring                 record_monitoring reassess
    monitoring_outcome         unsafe                      monitoring                 record_monitoring reassess
"""

ALWAYS = frozenset({Action.ESCALATE, Action.REASSESS, Action.RECORD_REVIEW, Action.RECORD_MONITORING, Action.ACT_ACUTELY})
"""Steps that no decision closes: what is wrong can always be told, and looked at again."""

SERVES = """
    fact                       serves
    reason                     act
    question                   act
    trigger                    act
    review_outcome             act
    monitoring_outcome         act
    prosecutor_approval        step resume_warning
    new_signal                 step reopen
    retention_check            step
    acute                      step
    acute_action_recorded      step
    assessment                 step
    outcome_code               step
    safety_conditions          step set_conditions
    investigation_plan         step
    monitoring_schedule        step
    stable_safety              step
    offer_form                 step
    information_form           step
    start_date                 step
    consent                    case
"""

PAIRS = """
    this                                     excludes
    assessment:unsafe                        outcome_code:no_abuse outcome_code:ended
    visit_report:warned                      reason:nobody_home reason:wrong_address reason:subject_deceased
    visit_report:warned_and_search           reason:nobody_home reason:wrong_address reason:subject_deceased
    visit_report:arrest                      reason:nobody_home reason:wrong_address reason:subject_deceased
    visit_report:converted_to_investigation  reason:nobody_home reason:wrong_address reason:subject_deceased
    visit_report:search_only                 reason:wrong_address
    visit_report:refused_entry               reason:nobody_home
    visit_report:wrong_address               reason:nobody_home
    visit_report:subject_lives_elsewhere     reason:nobody_home
    visit_report:subject_deceased            reason:nobody_home reason:wrong_address reason:subject_lives_elsewhere
    visit_report:subject_deceased            reason:not_enough_grounds help_offer welfare_call youth_prosecutor_decision:warning
    person_gone:deceased                     offer_form information_form consent start_date help_offer
    person_gone:deceased                     visit_plan prosecutor_approval youth_prosecutor_decision:warning
    person_gone:deceased                     review_outcome review_schedule
    person_gone:deceased                     needs:medical needs:psychological needs:practical needs:legal needs:safety
    person_gone:deceased                     notification_wish:wants_to_know notification_wish:does_not_want
    person_gone:before_visit                 visit_report:warned visit_report:warned_and_search
    person:adult                             youth_prosecutor_decision
    person:under_twelve                      visit_report:warned visit_report:warned_and_search
    person:minor                             child_check:none child_check:unknown
    acute:as_reported                        acute_checked:no
    acute:child_at_risk                      acute_checked:no
    acute:threat_to_self                     acute_checked:no
    acute:violence_now                       acute_checked:no
    visit_report:carriers                    seizure:nothing_found
    visit_report:no_carriers                 seizure:examined_returned seizure:examined_forfeited
    search_decided:warn_and_search           visit_report:warned
    search_decided:visit_without_search      visit_report:warned_and_search visit_report:search_only
    visit_report:warned                      search_decided:warn_and_search
    visit_report:warned_and_search           search_decided:visit_without_search
    visit_report:search_only                 search_decided:visit_without_search
    visits:none                              reason:nobody_home
    warnings:none                            reason:new_report_after_warning trigger:new_report_after_warning
    handoffs:acknowledged                    reason:handoff_not_acknowledged trigger:handoff_not_acknowledged
    report:not_withdrawn                     reason:withdrawn_by_sender
    state:not_offered                        reason:goal_reached
    state:needs_assessed                     reason:goal_reached
"""

DECIDES = """
    fact                       decides
    youth_prosecutor_decision  day first apart
    prosecutor_approval        day
    search_decided             day
    search_authority           day
    review_outcome             day
    monitoring_outcome         day
    assessment                 apart
    outcome_code               apart
"""

COUNTS: Mapping[str, Callable[[int, int], bool]] = MappingProxyType(
    {
        "none": lambda count, _: count == 0,
        "some": lambda count, _: count > 0,
        "any": lambda _count, _: True,
        "searched": lambda count, searched: count == 0 or searched > 0,
    },
)
"""Whether a count fits its cell, given the homes that were searched."""
BOUNDS = frozenset({"-", "case", "planned", "visited", "offered", "state", "today"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a visit can have ended: which counts fit it, and which steps may say so."""

    warned: str
    searched: str
    carriers: str
    arrested: str
    cautioned: str
    by: frozenset[Action]

    @property
    def is_search(self) -> bool:
        """Whether this outcome says that homes were searched."""
        return self.searched == "some"


def _rows(table: str, head: list[str]) -> list[list[str]]:
    """Read the lines of a table whose last column may hold several words."""
    lines = [line.split() for line in table.splitlines() if line.strip()]
    if not lines or lines[0] != head:
        raise LawError(f"the header must read {', '.join(head)}")
    for number, line in enumerate(lines[1:], 2):
        if len(line) < len(head):
            raise LawError(f"line {number}: a row needs {', '.join(head)}")
    return lines[1:]


def _outcomes(table: str) -> dict[str, Outcome]:
    answer = {}
    for code, warned, searched, carriers, arrested, cautioned, *by in _rows(
        table, ["outcome", "warned", "searched", "carriers", "arrested", "cautioned", "by"]
    ):
        if extra := {warned, searched, carriers, arrested} - set(COUNTS) | {cautioned} - {"any", "no"}:
            raise LawError(f"{code}: {min(extra)} is no count")
        answer[code] = Outcome(warned, searched, carriers, arrested, cautioned, frozenset(map(Action, by)))
    return answer


def _days(table: str) -> dict[str, tuple[str, str]]:
    answer = {}
    for fact, first, last in _rows(table, ["fact", "not_before", "not_after"]):
        if extra := {first, last} - BOUNDS:
            raise LawError(f"{fact}: {min(extra)} is no day")
        answer[fact] = (first, last)
    return answer


@dataclass(frozen=True, slots=True)
class Opening:
    """One row: this code of this fact, in these states, opens these steps and closes those that other codes open."""

    fact: str
    code: str
    states: frozenset[str]
    opens: frozenset[Action]


def _opens(table: str) -> tuple[Opening, ...]:
    answer = []
    for fact, code, *rest in _rows(table, ["fact", "code", "in", "opens"]):
        actions = [word for word in rest if word in set(Action)]
        states = [word for word in rest if word not in set(Action)]
        if fact not in FACTS or not states or not actions or rest != [*states, *actions]:
            raise LawError(f"{fact} {code}: a row needs a fact, a code, states and steps")
        answer.append(Opening(fact, code, frozenset(states), frozenset(map(Action, actions))))
    return tuple(answer)


def _serves(table: str) -> dict[str, tuple[str, frozenset[str]]]:
    answer = {}
    for fact, how, *only in _rows(table, ["fact", "serves"]):
        if how not in {"act", "step", "case"} or not set(only) <= set(Action):
            raise LawError(f"{fact}: {how} is no way to serve")
        answer[fact] = (how, frozenset(only))
    return answer


def _decides(table: str) -> dict[str, frozenset[str]]:
    answer = {}
    for fact, *how in _rows(table, ["fact", "decides"]):
        if not set(how) <= {"day", "first", "apart"}:
            raise LawError(f"{fact}: {' '.join(how)} is no way to decide")
        answer[fact] = frozenset(how)
    return answer


def _pairs(table: str) -> frozenset[tuple[str, str]]:
    return frozenset((this, other) for this, *others in _rows(table, ["this", "excludes"]) for other in others)


OUTCOME_OF: Mapping[str, Outcome] = MappingProxyType(_outcomes(OUTCOMES))
DAY_OF: Mapping[str, tuple[str, str]] = MappingProxyType(_days(DAYS))
OPENINGS = _opens(OPENS)
DECIDING_STATES = frozenset(state for row in OPENINGS for state in row.states)
"""States in which a stored code opens some steps and closes others."""
SERVICE_OF: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(_serves(SERVES))
EXCLUDED = _pairs(PAIRS)
DECIDED_BY: Mapping[str, frozenset[str]] = MappingProxyType(_decides(DECIDES))


def count_misfit(outcome: str, counts: Mapping[str, int], *, cautioned: bool) -> str:
    """Return the count of a visit's report that its outcome excludes, or nothing."""
    row = OUTCOME_OF[outcome]
    for name in ("warned", "searched", "carriers", "arrested"):
        if not COUNTS[getattr(row, name)](counts.get(name, 0), counts.get("searched", 0)):
            return name
    return "cautioned" if cautioned and row.cautioned == "no" else ""


def day_misfit(fact: str, day: date, bound: Callable[[str], date | None]) -> str:
    """Return why a fact cannot have been on this day: before it could have been, or too late; or nothing."""
    first, last = (bound(word) if word != "-" else None for word in DAY_OF.get(fact, ("-", "-")))
    if first and day < first:
        return "too_early"
    return "too_late" if last and day > last else ""


def closed_by(fact: str, code: str, state: str, action: Action) -> bool:
    """Whether this code of a fact closes a step in this state that another code of it opens."""
    here = [row for row in OPENINGS if row.fact == fact and state in row.states]
    if action in ALWAYS or not any(action in row.opens for row in here):
        return False
    return not any(row.code == code and action in row.opens for row in here)


def opened_by(fact: str, code: str, state: str) -> frozenset[Action]:
    """Return the steps that this code of a fact opens in this state; those that are always open only where no other is."""
    rows = (row for row in OPENINGS if (row.fact, row.code) == (fact, code) and state in row.states)
    found = frozenset(action for row in rows for action in row.opens)
    return found - ALWAYS or found


def deciding(state: str, action: Action) -> tuple[str, ...]:
    """Return the facts whose code may close this step in this state, in table order."""
    found = (row.fact for row in OPENINGS if state in row.states and action in row.opens and action not in ALWAYS)
    return tuple(dict.fromkeys(found))


def serves(fact: str, action: Action) -> str:
    """Return how long a stored fact serves this action: this `act`, since the last `step`, the `round`, or the `case`."""
    how, only = SERVICE_OF.get(fact, ("round", frozenset()))
    return how if not only or action in only else "round"


def excluded(said: Collection[str]) -> frozenset[str]:
    """Return which of these words contradict another of them."""
    return frozenset(other for this, other in EXCLUDED if this in said and other in said)


def replaces(fact: str, day: date | None, before: date | None, *, differs: bool) -> bool:
    """Whether a row that was entered later decides instead of one entered before it, by the day that each says."""
    how = DECIDED_BY.get(fact, frozenset())
    if "day" not in how or day is None or before is None:
        return True
    return day > before or (day == before and not (differs and "first" in how))


def meets_review(start: datetime, due: datetime, held: datetime) -> bool:
    """Whether a review held at this moment is the one due at the end of this stretch: not before it is half over."""
    return held >= start + (due - start) / 2
