"""Days of a story that is told about today: each is written as so many days before or after it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from casework.scenario.nodes import Unreadable
from workflows.calendars import AMSTERDAM, add_working_days, day_of, is_working_day

WRITTEN = re.compile(r"\$(?:(now|since|age|[WD])([+-]?\d+)?(?:T(\d\d):(\d\d))?)")
ONE_DAY = timedelta(days=1)
SINCE_BIRTHDAY = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class Days:
    """Today, and what a story counts from it.

    `$W-3` is three working days ago, counted from today or from the next working day after a weekend: what is due on the
    next working day is then not late on a Saturday. `$D+2` is the day after tomorrow, `$now-20` twenty minutes ago,
    `$since60T15:10` the last 15:10 that is at least sixty hours ago, `$age9` the birthday of somebody who is nine.
    """

    began: datetime

    def written_in(self, text: str) -> str:
        """Return a text in which each day stands as the date that it is; raises Unreadable."""
        return "\n".join(self._line(line, number) for number, line in enumerate(text.split("\n"), 1))

    def _line(self, line: str, number: int) -> str:
        said = WRITTEN.sub(self._said, line)
        if "$" in said.partition(" #")[0]:
            raise Unreadable(number, "$ begins a day that is counted from today, and this is none")
        return said

    def _said(self, found: re.Match[str]) -> str:
        word, count = found[1], int(found[2] or 0)
        at = time(int(found[3]), int(found[4])) if found[3] else None
        kinds: Mapping[str, Callable[[], date]] = {
            "D": lambda: self.today + count * ONE_DAY,
            "W": lambda: self.working_day(count),
            "now": lambda: self.before(timedelta(minutes=-count)),
            "since": lambda: self._last(at or time(), count),
            "age": lambda: _born(self.today, count),
        }
        day = kinds[word]()
        if isinstance(day, datetime):
            return day.astimezone(AMSTERDAM).isoformat(timespec="seconds")
        return f"{day}T{at:%H:%M}" if at else str(day)

    @property
    def today(self) -> date:
        """Return the day on which the story is told."""
        return day_of(self.began)

    def before(self, time_passed: timedelta) -> datetime:
        """Return the moment so long before the story is told, also where the clocks were changed meanwhile."""
        return self.began.astimezone(UTC) - time_passed

    def working_day(self, count: int) -> date:
        """Return a working day, counted from today or from the next one."""
        day = self.today
        while not is_working_day(day):
            day += ONE_DAY
        if count >= 0:
            return add_working_days(day, count)
        for _ in range(-count):
            day -= ONE_DAY
            while not is_working_day(day):
                day -= ONE_DAY
        return day

    def _last(self, at: time, hours: int) -> datetime:
        until = self.before(timedelta(hours=hours))
        moment = datetime.combine(day_of(until), at, AMSTERDAM)
        return moment if moment <= until else datetime.combine(day_of(until) - ONE_DAY, at, AMSTERDAM)


def _born(today: date, age: int) -> date:
    passed = today - SINCE_BIRTHDAY
    return date(passed.year - age, passed.month, min(passed.day, 28))
