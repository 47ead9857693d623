"""The facts that rows of several workflows rest on (docs/law.md section 2); casework reads each from stored rows.

What the rows of one workflow alone need is named beside them, in its own file.
"""

SHARED = (
    "legal_basis",
    "reason",
    "sender_informed",
    "four_eyes",
    "review_outcome",
    "new_signal",
    "handoff_failed",
    "handoff_sent",
    "handoff_started",
    "offer_form",
    "start_date",
)
