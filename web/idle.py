"""When a session is over: within a quarter of an hour without a page, and twelve hours after it began."""

import time

from django.contrib.sessions.backends.base import SessionBase

IDLE = 15 * 60
"""Seconds without a page after which somebody signs in again."""
LONGEST = 12 * 3600
"""Seconds after which somebody signs in again, whatever they did."""
NOTED = 3 * 60
"""How often it is noted that somebody is still there: their session is stored then, and at no other page.

So the limit is met twelve to fifteen minutes after the last page, never later.
"""
SEEN, BEGAN = "seen", "began"
LEFT = "Idle-Left"
"""The header that says after how many seconds without a page the session is over; absent where nobody is signed in."""


def is_over(session: SessionBase) -> bool:
    """Whether a session has ended by its time; one that has not notes now and then that somebody is there."""
    now = int(time.time())
    seen, began = session.get(SEEN, now), session.get(BEGAN, now)
    if now - seen > IDLE or now - began > LONGEST:
        return True
    if BEGAN not in session or now - seen >= NOTED:
        begin(session, began)
    return False


def begin(session: SessionBase, began: int | None = None) -> None:
    """Note that somebody is there now, and since when."""
    now = int(time.time())
    session[SEEN], session[BEGAN] = now, now if began is None else began


def seconds_left(session: SessionBase) -> int:
    """Return after how many seconds without another page this session is over."""
    now = int(time.time())
    return max(min(int(session.get(SEEN, now)) + IDLE, int(session.get(BEGAN, now)) + LONGEST) - now, 0)
