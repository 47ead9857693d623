"""Faults by which somebody or something drops off every list."""

from tests.sabotage.faults import Fault

WORKLIST = "tests/casework/selectors/test_worklist.py"
ANOTHER = "tests/casework/selectors/test_waits_for_another.py"
WAITING = "casework/selectors/waiting_kinds.py"
FAULTS = (
    Fault("worklist", "a case without a worker is on nobody's list", WAITING, "    (_assigns, unheld_cases),\n", "", WORKLIST),
    Fault("worklist", "a membership that ran out still holds a case", "casework/sql/case_lists.sql",
          "    AND m.starts_at <= clock AND (m.ends_at IS NULL OR m.ends_at > clock));", ");", WORKLIST),
    Fault("worklist", "the asker may approve", WAITING, "    rows = _unanswered().exclude(asked_by_id=me)\n",
          "    rows = _unanswered()\n", WORKLIST),
    Fault("worklist", "an acute package waits its turn", WAITING, '"handoff", rank=ACUTE, sort=sort', '"handoff", sort=sort',
          WORKLIST),
    Fault("worklist", "a page loses what shares a moment with its last row", "casework/selectors/waiting_shape.py",
          "Q(sorted_at__gt=moment) | Q(row__gt=last)", "Q(sorted_at__gt=moment)", WORKLIST),
    Fault("worklist", "a question that came back is nobody's", "casework/selectors/waiting_steps.py",
          "    Action.REWORK_HANDOFF,\n)", ")", WORKLIST),
    Fault("worklist", "an agreement that waits for a second person is on nobody's list", WAITING,
          "    (_has(Action.MANAGE_AGREEMENTS), agreements_to_confirm),\n", "", ANOTHER),
    Fault("worklist", "who asked for an agreement is told to confirm it", "casework/selectors/waiting_second.py",
          "    return mine if own else ~mine", "    return mine if own else Q()", ANOTHER),
    Fault("worklist", "a finding that nobody can close is on nobody's list", WAITING,
          "    (_has(Action.LIFT_WALL), stuck_findings),\n", "", WORKLIST),
    Fault("worklist", "who leads is told of a finding about themselves", "casework/sql/case_lists.sql",
          "    AND f.about_id IS DISTINCT FROM lock.person() AND lock.person()", "    AND lock.person()", WORKLIST),
    Fault("worklist", "a basis that waits is on nobody's list", WAITING,
          "        queries += bases_to_confirm(asked)", "        pass", ANOTHER),
    Fault("worklist", "a joined report is told to nobody", WAITING, "    (_joins_reports, joined_reports),\n", "", ANOTHER),
    Fault("worklist", "a joined report stays after its worker has seen it", "casework/sql/case_lists.sql",
          "e.actor_id = lock.person() OR ", "", ANOTHER),
    Fault("worklist", "a step that a decision closed is offered", "casework/selectors/closed_steps.py",
          "tuple(action for action in actions if (track.pk, action) not in closed)", "actions",
          "tests/casework/selectors/test_closed_steps.py"),
)  # fmt: skip
