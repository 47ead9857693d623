"""Why a step cannot be taken now: a code, and the one table of sentences in which every reader is told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Cause(StrEnum):
    """Why somebody who may do this cannot do it now."""

    NO_STEP = "no_step"
    OTHER_END = "other_end"
    DONE_BEFORE = "done_before"
    NOTHING_OWED = "nothing_owed"
    NOTHING_ASKED = "nothing_asked"
    CHANGED = "changed"
    NAMED_ALREADY = "named_already"
    ENDED = "ended"
    NO_WALL = "no_wall"
    NO_SUCH_TERM = "no_such_term"
    NOT_ESCALATED = "not_escalated"
    FIXED_TERM = "fixed_term"
    NOT_OVERDUE = "not_overdue"
    VISIT = "visit"
    NO_ADVICE_HERE = "no_advice_here"
    BUILDING = "building"
    NOT_HERE = "not_here"


SAID: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.NO_STEP: "This step is not possible in the present state.",
        Cause.OTHER_END: "This step is for the other end of the handoff.",
        Cause.DONE_BEFORE: "Somebody did this before.",
        Cause.NOTHING_OWED: "The receiver has been told everything already.",
        Cause.NOTHING_ASKED: "Nobody asked for an approval of what stands here now.",
        Cause.CHANGED: "What was to be approved was stored anew after approval was asked. Ask for approval again.",
        Cause.NAMED_ALREADY: "You are named on this case: emergency access is not needed.",
        Cause.ENDED: "This emergency access has ended already.",
        Cause.NO_WALL: "No wall stands between this person and this case.",
        Cause.NO_SUCH_TERM: "No such term runs here.",
        Cause.NOT_ESCALATED: "No such term was escalated and waits for an answer.",
        Cause.FIXED_TERM: "The law does not let this term be moved in this way.",
        Cause.NOT_OVERDUE: "This term is not overdue for so long that it is escalated.",
        Cause.VISIT: "The police begin help at a visit, and in no other way.",
        Cause.NO_ADVICE_HERE: "Advice is recorded by Veilig Thuis alone.",
        Cause.BUILDING: "This file is still being made. Look again in a while.",
        Cause.NOT_HERE: "This is not done here: the program does it itself, or it belongs to a later version.",
    }
)
"""One sentence a cause."""
