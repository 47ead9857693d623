"""Faults of looking through one's own records, of logging a report, and of showing what stays behind."""

from tests.sabotage.faults import Fault

WARNINGS = "tests/casework/test_earlier_warnings.py"

FAULTS = (
    Fault("look-up", "what was typed hides a hit", "casework/facts.py",
          "return self.answers_to_hits.open_a_visit()", 'return "prior_warning_checked" in self.stored or not self.warnings', WARNINGS),
    Fault("look-up", "an address is found only as it was written", "casework/keeper_lookups.py",
          "'str$', 'straat')", "'str$', 'str')", WARNINGS),
    Fault("look-up", "an approval of before the hit serves", "casework/facts.py",
          "if row is not None and self.action is Action.PLAN_VISIT and not self.answers_to_hits.followed_by(row):", "if False:", WARNINGS),
    Fault("look-up", "a wall is told around", "casework/keeper_lookups.py",
          """    CASE WHEN {_walled("w.case_id")} THEN NULL ELSE {_called("w.case_id")} END,\n    max(w.day)""",
          """    {_called("w.case_id")},\n    max(w.day)""", WARNINGS),
)  # fmt: skip
