"""Days as people type them: 27-3, 27032026, 2026-03-27, vandaag, gisteren, +5w (working days)."""

import re
from datetime import date, timedelta

from workflows.calendars import add_working_days

SPOKEN = {"vandaag": 0, "today": 0, "gisteren": -1, "yesterday": -1, "morgen": 1, "tomorrow": 1}
MOST_WORKING_DAYS = 260
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LONG = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)
_JOINED = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_SHORT = re.compile(r"(\d{1,2})[-/. ](\d{1,2})", re.ASCII)
_LATER = re.compile(r"\+(\d{1,3})w", re.ASCII)


def read_day(typed: str, today: date) -> date:
    """Return the day that was typed; a day without a year is the one nearest to today. Raises ValueError."""
    text = typed.strip().lower()
    if text in SPOKEN:
        return today + timedelta(days=SPOKEN[text])
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    if found := _LONG.fullmatch(text) or _JOINED.fullmatch(text):
        day, month, year = map(int, found.groups())
        return date(year, month, day)
    if found := _SHORT.fullmatch(text):
        return _nearest(int(found[1]), int(found[2]), today)
    if (found := _LATER.fullmatch(text)) and int(found[1]) <= MOST_WORKING_DAYS:
        return add_working_days(today, int(found[1]))
    raise ValueError("not a day")


def _nearest(day: int, month: int, today: date) -> date:
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if not found:
        raise ValueError("not a day")
    return min(found, key=lambda one: abs(one - today))
