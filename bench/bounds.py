"""What each kind of request may cost at 10,000 cases: one table, which may only shrink."""

from dataclasses import dataclass

FLAT = 1.15
"""How many times the buffers of 1,000 cases a request may touch at 10,000: what is more stands here with its reason."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The most of each figure; `why` says why the buffers grow, where they do."""

    statements: int
    entries: int
    bytes: int
    growth: float = FLAT
    why: str = ""


BOUNDS = {
    "worklist": Bound(
        10, 1, 21_150, 4.6, "the counts above the list read what waits, up to 1,000: of 60 open cases and of 600"
    ),
    "case page": Bound(8, 1, 6_200),
    "handoff page": Bound(23, 1, 5_150),
    "refused look, hidden": Bound(10, 1, 2_500),
    "refused look, absent": Bound(10, 1, 2_500),
    "workbench": Bound(12, 4, 62_750, 7.3, "`lock.looks` reads the looks of the period whenever the page is drawn"),
    "access review": Bound(13, 1, 12_750),
    "search": Bound(7, 1, 10_950, 10.2, "a name that everybody has is read of everybody, to show the newest"),
    "submit": Bound(12, 4, 0),
    "take_up": Bound(13, 6, 0),
    "plan_visit": Bound(17, 21, 0),
}
"""As measured; bytes and growth with a twentieth more at most, as texts and plans vary a little.

450 bytes of each page are what locks its screen (decision 0027); one statement of the worklist is for drafts.
"""
