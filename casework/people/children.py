"""Of which children Veilig Thuis is to be told: what Python asks as casework/sql/untold_children.sql does."""

from permissions.decision import DESK_STATES, TAKEN_STATES

ARRIVED = tuple(sorted(DESK_STATES | TAKEN_STATES))
"""States in which a package lies at its receiver: there a report has arrived, and there news of a correction goes."""
AROUND = ("household_member", "contact", "guardian")
"""Roles of who are children where that is known; a possible victim has a track and help of their own."""
LEAST_REASON = 20
"""Characters of a reason that says something."""
YOUNGEST = 12
"""Nobody younger is warned (article 486 of the Code of Criminal Procedure)."""
