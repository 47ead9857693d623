"""Outcomes that leave running terms without sense: which of them stop, and with which word as the reason.

A state stops its own clocks (docs/law.md section 3); this table holds what no state says. A term that somebody must
still act on never stands here: children who were found are reported also when the man has died.
"""

import re
from dataclasses import dataclass

from workflows.clocks import TERMS
from workflows.table import LawError

TABLE = """
    fact           code               stops                         of       because
    person_gone    deceased           INFORM_SUBJECT WELFARE_CALL   person   nobody can be informed or called any more
    person_gone    moved_unknown      INFORM_SUBJECT                person   no address is known (Wmo 5.3.1, GDPR 14(5)(b))
    person_gone    merged             INFORM_SUBJECT                person   the same person has a term of their own
    visit_report   subject_deceased   WELFARE_CALL                  track    nobody can be called any more
    reason         subject_deceased   WELFARE_CALL                  track    nobody can be called any more
    reason         duplicate          INFORM_SUBJECT                case     they are informed from the file that goes on
    assess         decided_otherwise  INVESTIGATION                 track    assess decided that something else is needed
    closed         *                  INVESTIGATION                 track    the track has ended: nothing is left to investigate
    not_accepted   *                  INVESTIGATION                 track    the track has ended: nothing is left to investigate
"""

REACHES = frozenset({"person", "track", "case"})
WIDTHS = re.compile(r"\s{2,}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: the terms of a person, of a track or of the agency in the case that stop when this is stored."""

    fact: str
    code: str
    stops: tuple[str, ...]
    of: str
    because: str

    def fits(self, fact: str, code: str) -> bool:
        """Whether this row speaks of that outcome."""
        return self.fact == fact and self.code in {"*", code}


def parse(table: str) -> tuple[Outcome, ...]:
    """Read the rows; an unknown clock or reach, or a row without its reason, is a LawError that names the line."""
    rows = []
    for number, line in enumerate([line for line in table.splitlines() if line.strip()][1:], 2):
        cells = WIDTHS.split(line.strip(), maxsplit=4)
        if len(cells) < 5:  # noqa: PLR2004 - fact, code, stops, of and because
            raise LawError(f"outcome line {number}: a row needs fact, code, stops, of and because")
        fact, code, stops, of, because = cells
        if unknown := set(stops.split()) - set(TERMS):
            raise LawError(f"outcome line {number}: {min(unknown)} is no clock")
        if of not in REACHES:
            raise LawError(f"outcome line {number}: {of} is no reach")
        rows.append(Outcome(fact, code, tuple(stops.split()), of, because))
    return tuple(rows)


OUTCOMES = parse(TABLE)


def outcomes_of(fact: str, code: str) -> tuple[Outcome, ...]:
    """Return the rows that speak of this outcome."""
    return tuple(row for row in OUTCOMES if row.fits(fact, code))
