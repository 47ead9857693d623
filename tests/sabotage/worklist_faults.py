"""Faults by which somebody or something drops off every list."""

from tests.sabotage.faults import Fault

WORKLIST = "tests/casework/test_worklist.py"
WAITING = "casework/selectors/waiting_kinds.py"
FAULTS = (
    Fault("worklist", "a case without a worker is on nobody's list", WAITING, "    (_assigns, unheld_cases),\n", "", WORKLIST),
    Fault("worklist", "a membership that ran out still holds a case", "casework/keeper_lists.py",
          "AND m.starts_at <= clock AND (m.ends_at IS NULL OR m.ends_at > clock)", "", WORKLIST),
    Fault("worklist", "the asker may approve", WAITING, "    rows = mine.exclude(asked_by_id=me).filter(", "    rows = mine.filter(",
          WORKLIST),
    Fault("worklist", "an acute package waits its turn", WAITING, '"handoff", rank=FIRST, sort=sort', '"handoff", sort=sort',
          WORKLIST),
    Fault("worklist", "a page loses what shares a moment with its last row", "casework/selectors/waiting_shape.py",
          "Q(sorted_at__gt=moment) | Q(row__gt=last)", "Q(sorted_at__gt=moment)", WORKLIST),
    Fault("worklist", "a question that came back is nobody's", "casework/selectors/waiting_steps.py",
          "    Action.REWORK_HANDOFF,\n)", ")", WORKLIST),
)  # fmt: skip
