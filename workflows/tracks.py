"""The five workflows together: how they begin, what a case is called per viewer, and which acts may not meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from permissions.vocabulary import Action, AgencyKind
from workflows.clocks import TERMS, started_by
from workflows.handoff import HANDOFF
from workflows.help import HELP
from workflows.safety import SAFETY
from workflows.table import LawError, Workflow
from workflows.victim import VICTIM
from workflows.warning import WARNING

WORKFLOWS: Mapping[str, Workflow] = MappingProxyType(
    {workflow.name: workflow for workflow in (WARNING, SAFETY, HELP, VICTIM, HANDOFF)},
)
TRACKS: Mapping[str, Workflow] = MappingProxyType(
    {name: workflow for name, workflow in WORKFLOWS.items() if name != "handoff"},
)
FACTS = tuple(dict.fromkeys(fact for workflow in WORKFLOWS.values() for step in workflow.steps for fact in step.needs))
"""Every fact that a step rests on."""
OVER: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        name: frozenset(state for state in workflow.final if Action.OFFER_HELP not in workflow.actions_from(state))
        for name, workflow in TRACKS.items()
    },
)
"""Final states beside which what comes again begins anew: from the others help is offered again on the same track."""

RECORDED_CLOCKS = tuple(
    code
    for code, clock in TERMS.items()
    if not {word.rsplit(".", maxsplit=1)[-1] for word in clock.stops}
    & {state for workflow in WORKFLOWS.values() for state in workflow.states}
)
"""Terms that no step ends, only what is recorded: on a worklist each is a row of its own beside the next step."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a track or handoff begins; `handoff_kind` where a handoff begins it, `agencies` where only these may."""

    track: str
    state: str
    action: Action
    handoff_kind: str = ""
    agencies: frozenset[AgencyKind] = frozenset()


LOCAL_HELP = frozenset(
    {AgencyKind.LOCAL_TEAM, AgencyKind.YOUTH_CARE_PROVIDER, AgencyKind.CERTIFIED_INSTITUTION},
)

BEGINNINGS = (
    Beginning("warning", "draft", Action.OPEN_CASE, agencies=frozenset({AgencyKind.POLICE})),
    Beginning("warning", "submitted", Action.ACCEPT_HANDOFF, "referral", frozenset({AgencyKind.POLICE})),
    Beginning("safety", "received", Action.OPEN_CASE, agencies=frozenset({AgencyKind.VEILIG_THUIS})),
    Beginning("safety", "received", Action.DELIVER_HANDOFF, "concern_report", frozenset({AgencyKind.VEILIG_THUIS})),
    Beginning("help", "not_offered", Action.RECORD_VISIT, agencies=frozenset({AgencyKind.POLICE})),
    Beginning("help", "not_offered", Action.OPEN_HELP),
    Beginning("help", "not_offered", Action.ACCEPT_HANDOFF, "transfer", LOCAL_HELP),
    Beginning("help", "consented", Action.ACCEPT_HANDOFF, "help"),
    Beginning("victim", "identified", Action.IDENTIFY_VICTIM),
    Beginning("victim", "consented", Action.ACCEPT_HANDOFF, "victim"),
    Beginning("handoff", "prepared", Action.PREPARE_HANDOFF),
)

CONSEQUENCES = (
    ("handoff", Action.WITHDRAW_CONSENT, Action.WITHDRAW_HANDOFF),
    ("handoff", Action.WRITE_RECORD, Action.WITHDRAW_HANDOFF),
    ("help", Action.CLOSE_UNWARNED, Action.END_HELP),
)
"""A step of the first kind that another action also takes: withdrawn consent, also where it is only recorded, withdraws
what has not started, and a warning that is closed because its subject has died ends the help that was begun for them."""


@dataclass(frozen=True, slots=True)
class AssigningAction:
    """An action by which somebody is assigned to the case (docs/law.md section 4, Naming)."""

    action: Action
    who: str
    """Who is assigned: the `doer` of the action, or the one whom it is about (`assigned`)."""
    until_assigned: bool
    """Whether the assignment ends when somebody else is assigned, unless they say that it is to stay."""


ASSIGNING_ACTIONS = (
    AssigningAction(Action.OPEN_CASE, "doer", until_assigned=True),
    AssigningAction(Action.ACKNOWLEDGE_HANDOFF, "doer", until_assigned=True),
    AssigningAction(Action.ACCEPT_HANDOFF, "doer", until_assigned=False),
    AssigningAction(Action.ASSIGN, "assigned", until_assigned=False),
)
"""Every action by which somebody is assigned."""


def assigns_doer(action: Action) -> bool:
    """Whether whoever does this action is assigned to the case by it."""
    return any(row.action is action and row.who == "doer" for row in ASSIGNING_ACTIONS)


NEW_ROUND = frozenset({Action.REOPEN, Action.RETARGET, Action.RESUME_WARNING, Action.REASSESS})
"""Actions after which facts of the earlier round no longer count."""

PARTED_FROM_SUBMIT = frozenset({Action.TAKE_UP, Action.DECLINE, Action.PLAN_VISIT})
"""Acts that may not be done by the person who submitted in the same round."""

SIDE_STEPS = frozenset(
    {
        Action.DISCARD,
        Action.DECLINE,
        Action.ESCALATE,
        Action.RETARGET,
        Action.CLOSE_UNWARNED,
        Action.ASK_YOUTH_PROSECUTOR,
        Action.RECORD_ATTEMPT,
        Action.ACT_ACUTELY,
        Action.DECLINE_REPORT,
        Action.DROP_REPORT,
        Action.TURN_INTO_ADVICE,
        Action.END_HELP,
        Action.WITHDRAW_CONSENT,
        Action.RECORD_DECLINE,
    },
)
"""Steps that leave the main line of a track: a page offers them after the others."""

CASE_NAMES = """
    escalated        warning escalated; safety acute_action
    referral         warning draft submitted; safety received; sender prepared checked sent delivered acknowledged returned expired; receiver delivered acknowledged returned
    triage           warning triage; safety assessing assessed; victim identified needs_assessed
    warning_visit    warning visit_planned visit_attempted visit_done youth_decision
    support_handoff  safety transfer_pending; help not_offered offered consented handoff_pending; victim offered consented handoff_pending; receiver accepted
    follow_up        warning warned follow_up; safety conditions investigating concluded transferred monitoring; help started; victim started
"""


def _names(table: str) -> dict[str, frozenset[tuple[str, str]]]:
    answer: dict[str, frozenset[tuple[str, str]]] = {}
    for line in table.strip().splitlines():
        name, rest = line.split(maxsplit=1)
        pairs = (part.split() for part in rest.split(";"))
        answer[name] = frozenset((words[0], state) for words in pairs for state in words[1:])
    return answer


_BY_NAME = _names(CASE_NAMES)
CASE_STATES = frozenset({*_BY_NAME, "closed"})
"""What a case can be called."""


MAIN_LINE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "warning": ("referral", "triage", "warning_visit", "follow_up", "closed"),
        "safety": ("referral", "triage", "follow_up", "closed"),
        "help": ("support_handoff", "follow_up", "closed"),
        "victim": ("triage", "support_handoff", "follow_up", "closed"),
    }
)
"""What a case is called on the main line of each kind of track, in its order."""


def phase_of(kind: str, state: str) -> str:
    """Return what a case is called while a track of this kind is in this state."""
    return next((name for name, members in _BY_NAME.items() if (kind, state) in members), "closed")


def case_state(tracks: list[tuple[str, str]], ends: list[tuple[str, str]]) -> str:
    """Name a case for one viewer, from its agency's own (track, state) and (sender or receiver, handoff state) pairs.

    A handoff counts only where the agency has no open track of its own.
    """
    is_open = any(state not in TRACKS[kind].final for kind, state in tracks)
    pairs = set(tracks) if is_open else set(tracks) | set(ends)
    for name, members in _BY_NAME.items():
        if members & pairs:
            return name
    return "closed"


def approvals_of(kind: str, state: str = "") -> frozenset[str]:
    """Return what a second person can be asked to approve on this kind of track or handoff: steps, and reasons not to act.

    With a state, only the steps that it has.
    """
    reason = "handoff_given_up" if kind == "handoff" else "no_concern_report"
    steps = WORKFLOWS[kind].approved_actions
    return frozenset({*(str(step) for step in steps if not state or step in WORKFLOWS[kind].actions_from(state)), reason})


def beginnings_on(action: Action, handoff_kind: str = "") -> tuple[Beginning, ...]:
    """Return how this action begins a track."""
    return tuple(b for b in BEGINNINGS if b.action is action and b.handoff_kind == handoff_kind)


def _check() -> None:
    for kind, workflow in TRACKS.items():
        if lost := set(MAIN_LINE[kind]) - {phase_of(kind, state) for state in workflow.states}:
            raise LawError(f"{kind}: no state leads to {', '.join(sorted(lost))} of its main line")
    for workflow in WORKFLOWS.values():
        for state in workflow.open_states:
            if not any(clock for clock in started_by(workflow.name, state)) and not _covered(workflow, state):
                raise LawError(f"{workflow.name}: {state} is open and no clock runs in it")


def _covered(workflow: Workflow, state: str) -> bool:
    """Whether a clock that began in an earlier state can still run in this one, because this state does not stop it."""
    earlier = [step.source for step in workflow.steps if step.target == state and step.source != state]
    return any(
        state not in clock.stops for source in (*earlier, workflow.start) for clock in started_by(workflow.name, source)
    )


_check()
