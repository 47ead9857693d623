"""The panels of the worklist: what goes first, what is late, what came in, what needs a decision, and the rest."""

from collections.abc import Sequence
from datetime import datetime

from casework.selectors.waiting_rows import Waiting

PANELS = ("first", "late", "today", "came_in", "to_decide", "week", "later")
"""The parts of the worklist, in their order."""
CAME_IN = frozenset({"handoff", "question", "signal"})
TO_ANSWER = frozenset({"HANDOFF_ACK", "HANDOFF_ANSWER", "HANDOFF_START", "HANDOFF_AGAIN", "HANDOFF_NEWS"})
"""What other organisations sent, asked or sent back: kinds of what waits, and the terms of handoffs that lie at this end."""
TO_DECIDE = frozenset({"approval", "wall", "emergency", "finding", "sharing", "partnership", "basis"})
"""Kinds of what waits for a decision of this person."""


def panels_of(rows: Sequence[Waiting], marks: Sequence[datetime], one: str = "") -> list[tuple[str, list[Waiting]]]:
    """Return the rows of a page by the panel in which they stand, in the order of the panels; or all of them in one."""
    found: dict[str, list[Waiting]] = {}
    for row in rows:
        found.setdefault(one or _panel_of(row, marks), []).append(row)
    return [(name, found[name]) for name in (one, *PANELS) if name in found]


def _panel_of(row: Waiting, marks: Sequence[datetime]) -> str:
    now, end_of_day, end_of_week, _ = marks
    due_at = row.due_at or now
    if row.is_first or due_at < now:
        return "first" if row.is_first else "late"
    if row.kind in CAME_IN or row.clock in TO_ANSWER:
        return "came_in"
    if row.kind in TO_DECIDE:
        return "to_decide"
    return "today" if due_at < end_of_day else "week" if due_at < end_of_week else "later"


def main_row(panels: Sequence[tuple[str, Sequence[Waiting]]]) -> Waiting | None:
    """Return the most pressing row whose step is this person's: its button is the one that is filled."""
    return next((row for _, rows in panels for row in rows if row.step.is_mine), None)
