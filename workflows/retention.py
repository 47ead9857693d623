"""How long each kind of data is kept, and on which source that rests: dated, to be confirmed by each privacy officer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from workflows.table import LawError

TABLE = """
    code               years  from                  mark  source                                then
    WPG8_REMOVE        5      first processing      S     Wpg 8(6)                              removed, then WPG14
    WPG14              5      removal               S     Wpg 14(1)(2)                          only complaints and accountability, no provision to others; then destroyed (police practice deviates, a change is debated)
    VT_FILE            20     last recorded change  S     Wmo 5.3.4(2), text of 2026-07-01      destroyed unless needed longer: an earliest date, never a latest
    WMO_COLLEGE_FILE   15     last recorded change  S     Wmo 5.3.4(1)                          destroyed
    GI_FILE            20     last recorded change  S     Jeugdwet 7.3.8(3) by 7.3.1(1)         destroyed; longer terms of the Board and of guardianship U
    OM_FILE            30     decision              S     Wjsg 39d with 4                       destroyed; 20 years for an offence of less than 6 years; also after non-prosecution
    YOUTH_FILE         20     last change           So    Jeugdwet 7.3.8(3)                     destroyed
    LOG_CARE           5      writing               S     Staatscourant 2019-38007 (5 to 20 years)   destroyed
    LOG_POLICE         5      writing               S+D   Wpg 32(4)                             destroyed
    DISCLOSURE_LEDGER  4      disclosure            S+D   Wpg 25(1)(c)                          kept as long as the longest file involved: an earliest date, never a latest
    ACCESS_GRANTS      5      end of grant          D     -                                     destroyed
"""

VALID_FROM = "2026-11-26"
"""Since when this table holds."""


@dataclass(frozen=True, slots=True)
class Retention:
    """One rule: so many years from an event, with its mark (S sourced, So older text, D ours) and citation."""

    code: str
    years: int
    since: str
    mark: str
    source: str
    then: str
    """What happens when it is over; where the date is an earliest one, it says so."""

    @property
    def is_earliest(self) -> bool:
        """Whether the date is the first on which something may be destroyed, and not the last on which it is kept."""
        return "an earliest date" in self.then

    def until(self, day: date) -> date:
        """Return the last day, counted from the day of the event; 29 February counts as 28."""
        try:
            return day.replace(year=day.year + self.years)
        except ValueError:
            return day.replace(year=day.year + self.years, day=28)


def parse(table: str) -> dict[str, Retention]:
    """Read the rows; a code that stands twice or a period that is no number is a LawError that names the line."""
    answer: dict[str, Retention] = {}
    for number, line in enumerate([line for line in table.splitlines() if line.strip()][1:], 2):
        code, years, since, mark, source, then = re.split(r"\s{2,}", line.strip(), maxsplit=5)
        if code in answer or not years.isdigit():
            raise LawError(f"retention line {number}: {code} stands twice or has no number of years")
        answer[code] = Retention(code, int(years), since, mark, "" if source == "-" else source, then)
    return answer


EXPORT_DAYS = 7
"""For how many days the file of an export can be fetched after it was asked for; mark D."""
RETENTION: Mapping[str, Retention] = MappingProxyType(parse(TABLE))
