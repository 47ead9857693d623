"""Schedules of follow-up work: which moments a stored choice stands for (docs/decisions/0010)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from workflows.calendars import due, local_midnight_after
from workflows.clocks import Clock

CHOICES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "three_and_twelve_months": (3, 12),
        "monthly": tuple(range(1, 13)),
    },
)
"""After how many months the moments of a choice fall; of `other` the days themselves are stored."""
OWN_DAYS = "other"
SCHEDULE_CODES = (*CHOICES, OWN_DAYS)

SCHEDULE_OF: Mapping[str, str] = MappingProxyType(
    {"MONITORING": "monitoring_schedule", "FOLLOW_UP": "review_schedule", "HELP_REVIEW": "review_schedule"},
)
"""Which stored fact says when the moments of a clock fall; without one they fall as its row says."""


def numbers_of(clock: Clock, stored: Sequence[tuple[str, date]]) -> tuple[int, ...]:
    """Return after how many of its units the moments of a clock fall, by the choice stored last or by its row."""
    return next((CHOICES[code] for code, _ in stored if code in CHOICES), clock.numbers)


def moments(clock: Clock, stored: Sequence[tuple[str, date]], start: datetime, extra: Collection[date]) -> list[datetime]:
    """Return when the moments of a clock that starts now are due, by the schedule stored last or by its row."""
    days = sorted({day for code, day in stored if code == OWN_DAYS})
    if days:
        return [local_midnight_after(day) for day in days]
    return [due(start, number, clock.unit, clock.calendar, extra) for number in numbers_of(clock, stored)]
