"""How long what is kept, and on which source that rests: dated data, to be confirmed by each privacy officer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from workflows.table import LawError

TABLE = """
    code               years  from                mark  source
    WPG8_REMOVE        5      first processing    S     Wpg 8(6)
    WPG14              5      removal             S     Wpg 14(1)(2)
    VT_FILE            15     receipt or making   So    Wmo 5.3.4(1)
    YOUTH_FILE         20     last change         So    Jeugdwet 7.3.8(3)
    LOG_CARE           5      writing             S     Staatscourant 2019-38007 (5 to 20 years)
    LOG_POLICE         5      writing             S+D   Wpg 32(4)
    DISCLOSURE_LEDGER  4      disclosure          S+D   Wpg 25(1)(c)
    ACCESS_GRANTS      5      end of grant        D
"""

VALID_FROM = "2026-01-01"
"""Since when this table holds."""


@dataclass(frozen=True, slots=True)
class Retention:
    """One rule: so many years from an event, with its mark (S sourced, So older text, D ours) and citation."""

    code: str
    years: int
    since: str
    mark: str
    source: str

    def until(self, day: date) -> date:
        """Return the last day, counted from the day of the event; 29 February counts as 28."""
        try:
            return day.replace(year=day.year + self.years)
        except ValueError:
            return day.replace(year=day.year + self.years, day=28)


def parse(table: str) -> dict[str, Retention]:
    """Read the rows; a code that stands twice or a period that is no number is a LawError that names the line."""
    lines = [line for line in table.splitlines() if line.strip()]
    starts = [lines[0].index(word) for word in lines[0].split()] if lines else []
    answer: dict[str, Retention] = {}
    for number, line in enumerate(lines[1:], 2):
        ends = [*starts[1:], None]
        code, years, since, mark, source = (line[a:b].strip() for a, b in zip(starts, ends, strict=True))
        if code in answer or not years.isdigit():
            raise LawError(f"retention line {number}: {code} stands twice or has no number of years")
        answer[code] = Retention(code, int(years), since, mark, source)
    return answer


RETENTION: Mapping[str, Retention] = MappingProxyType(parse(TABLE))
