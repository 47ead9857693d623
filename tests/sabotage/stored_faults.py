"""Faults of what is stored of an act, of what was typed, of plans and of locks."""

from tests.sabotage.faults import Fault

OPERATIONS = "tests/casework/actions/test_operations.py"
KEPT = "tests/web/test_kept_text.py"
BATCHES = "tests/casework/actions/test_batches.py"
RACES = "tests/casework/actions/test_lost_races.py"
COLLISIONS = "tests/simulation/test_collisions.py"

OF_STORING = (
    Fault("operation", "other content passes for the same", "permissions/sql/act_as.sql",
          "AND o.fingerprint = coalesce(asked, '');", "AND true;", OPERATIONS),
    Fault("operation", "a repeat is answered with nothing", "casework/actions/operations.py",
          "    said = answer or {}\n", "    said: dict[str, Any] = {}\n", OPERATIONS),
    Fault("typed", "a form of another membership is taken", "permissions/acting.py",
          '    if membership and membership != str(actor.membership_id or ""):\n', "    if False:\n", KEPT),
    Fault("typed", "whoever signs in reads what another typed", "web/carrying.py",
          'if dict(pairs).get("drawn", "").split("/")[0] not in {str(key) for key in memberships}:', "if False:", KEPT),
    Fault("typed", "a form that is drawn again is carried out", "web/forms.py", "        if self.held:\n", "        if False:\n", KEPT),
    Fault("plan", "a dry run stays", "casework/actions/batches.py", "    if dry or any(problems):\n", "    if any(problems):\n", BATCHES),
    Fault("plan", "the good lines are planned without the others", "casework/actions/batches.py",
          "    if dry or any(problems):\n", "    if dry:\n", BATCHES),
    Fault("race", "who comes second is told only that the state has no such step", "casework/access.py",
          "    moved = partial(check_version, handoff.version, version, handoff_id=handoff.pk)\n",
          "    moved = partial(check_version, handoff.version, None, handoff_id=handoff.pk)\n", RACES),
    Fault("approval", "what was not seen is approved", "casework/actions/approvals.py",
          "    if seen != row.pk:\n", "    if False:\n", "tests/casework/actions/test_approving.py"),
    Fault("plan", "lines beyond the most are left out without a word", "web/views/visits.py",
          "if over > 0 else", "if False else", "tests/web/test_too_much.py"),
    Fault("locks", "an act does not hold its case", "casework/sql/holding_cases.sql",
          "  PERFORM lock.hold_case(lock.case_of(what));\n", "  PERFORM lock.case_of(what);\n", COLLISIONS),
)  # fmt: skip
