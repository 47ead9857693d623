"""Finds what is encoded in the spaces of a text: the choice between two kinds of gap can stand for a figure.

Two spaces after a full stop, a hard space that came along with what was copied and the lines of a list are a habit.
"""

import re
from collections.abc import Iterator

Found = tuple[str, str]
"""What kind of thing it is, and where it stands."""

MOST_TURNS, MOST_TURNS_OF_LINES = 40, 400
"""How often the gap between words is another than the one before, within a line and at its end, in a text at most."""
LEAST_SHARE = 4
"""Of what is written so, at least one gap in so many is another: a habit is far below it."""
LONGEST_GAP = 40
"""So many signs that nobody sees are no gap, where they are of several kinds."""
_GAP = re.compile(r"(?<!\s)\s+")
_AFTER_A_SENTENCE = ".!?:;"


def find_gaps(text: str) -> Iterator[Found]:
    """Yield what is written in gaps, each looked at once."""
    turns = lines = 0
    last, broken = " ", False
    for gaps, found in enumerate(_GAP.finditer(text), 1):
        gap = found[0]
        if len(gap) >= LONGEST_GAP and len(set(gap)) > 1:
            yield "blob", repr(gap)
            return
        is_line = "\n" in gap
        lines, broken = lines + (is_line != broken or (is_line and gap != last)), is_line
        if not is_line and text[found.start() - 1] not in _AFTER_A_SENTENCE:
            turns += gap != last
        last = gap if is_line or text[found.start() - 1] not in _AFTER_A_SENTENCE else " "
        if (
            gaps <= LEAST_SHARE * turns > LEAST_SHARE * MOST_TURNS
            or gaps <= LEAST_SHARE * lines > LEAST_SHARE * MOST_TURNS_OF_LINES
        ):
            yield "blob", text[max(0, found.start() - 20) : found.end() + 20]
            return
