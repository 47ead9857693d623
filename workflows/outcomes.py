"""Outcomes after which some running terms make no sense: which of them stop, and which word is stored as the reason.

A state stops its own clocks (docs/law.md section 3); this table holds the others. A term on which somebody must still
act is never in it: children who were found are reported also when the man has died.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workflows.clocks import TERMS
from workflows.gone import STOPS
from workflows.table import LawError

TABLE = """
    fact           code               stops               of       because
    person_gone    deceased           gone:deceased       person   they have died
    person_gone    moved_unknown      gone:moved_unknown  person   nobody knows where they live
    person_gone    merged             gone:merged         person   the row is that of somebody else in the record, under whom their term runs on
    visit_report   subject_deceased   gone:deceased       subject  the visit found that they have died
    reason         subject_deceased   gone:deceased       subject  the warning is closed because they have died
    record_review  moved              gone:moved          track    the review found that they live elsewhere
    reason         duplicate          INFORM_SUBJECT      case     they are informed from the file that goes on
    assess         decided_otherwise  INVESTIGATION       track    assess decided that something else is needed
    closed         *                  INVESTIGATION       track    the track has ended: nothing is left to investigate
    not_accepted   *                  INVESTIGATION       track    the track has ended: nothing is left to investigate
"""

DUTIES = """
    reason             duty    because
    deceased           ends    nobody can be informed any more
    subject_deceased   ends    nobody can be informed any more
    moved_unknown      rests   an address may come with what is provided next
    merged             rests   they are informed, or have their term, under the row into which theirs was merged
    moved              stands  who lives elsewhere is informed there
    duplicate          rests   they are informed from the file that goes on; what is provided here next is new
    advice_given       rests   nothing about them is left here; what is provided next is new
    decided_otherwise  stands  what was decided of an investigation says nothing of informing anybody
    closed             stands  a track that ended leaves people to be informed
    not_accepted       stands  a report that was not accepted holds data about them all the same
    planned_anew       stands  other moments took its place
    corrected          stands  it was begun by what turned out to be wrong; what is right begins its own
"""
"""What each reason why a term stopped says of the duty to inform the person of whom it was (Wmo 5.3.1).

It `ends` for good, it `rests` until data about them is provided again, or it `stands` as if nothing had been said.
"""

REACHES = frozenset({"person", "subject", "track", "case"})
GONE = "gone:"
"""Before a way in which somebody is gone: the clocks that stop by it stand in the table of workflows/gone.py."""
WIDTHS = re.compile(r"\s{2,}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: which terms stop when this is stored.

    Those of a `person` and of the tracks about them; of the `subject` of a warning, in the same way; of a `track` alone;
    or of the agency in the whole `case`.
    """

    fact: str
    code: str
    stops: tuple[str, ...]
    of: str
    because: str

    @property
    def is_death(self) -> bool:
        """Whether it says that somebody has died."""
        return self.stops == STOPS["deceased"]

    @property
    def reason(self) -> str:
        """Return the word that is stored as the reason: the code, or what ended where the row speaks of every code."""
        return self.fact if self.code == "*" else self.code

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
        way = stops.removeprefix(GONE)
        clocks = STOPS.get(way, ()) if stops.startswith(GONE) else tuple(stops.split())
        if not clocks:
            raise LawError(f"outcome line {number}: {way} is no way in which somebody is gone")
        if unknown := set(clocks) - set(TERMS):
            raise LawError(f"outcome line {number}: {min(unknown)} is no clock")
        if of not in REACHES:
            raise LawError(f"outcome line {number}: {of} is no reach")
        rows.append(Outcome(fact, code, clocks, of, because))
    return tuple(rows)


OUTCOMES = parse(TABLE)


def outcomes_of(fact: str, code: str) -> tuple[Outcome, ...]:
    """Return the rows that speak of this outcome."""
    return tuple(row for row in OUTCOMES if row.fits(fact, code))


def duty_rows(table: str) -> list[list[str]]:
    """Read what each reason says of the duty to inform; a word that says nothing of it, or no reason why, is a LawError."""
    rows: list[list[str]] = []
    for number, line in enumerate([line for line in table.splitlines() if line.strip()][1:], 2):
        cells = WIDTHS.split(line.strip(), maxsplit=2)
        if len(cells) < 3:  # noqa: PLR2004 - reason, duty and because
            raise LawError(f"duty line {number}: a row needs reason, duty and because")
        if cells[1] not in {"ends", "rests", "stands"} or cells[0] in {row[0] for row in rows}:
            raise LawError(f"duty line {number}: {cells[0]} stands twice, or {cells[1]} says nothing of the duty")
        rows.append(cells)
    return rows


DUTY_AFTER: Mapping[str, str] = MappingProxyType({row[0]: row[1] for row in duty_rows(DUTIES)})
ENDS = frozenset(reason for reason, duty in DUTY_AFTER.items() if duty == "ends")
RESTS = frozenset(reason for reason, duty in DUTY_AFTER.items() if duty == "rests")


def known_reason(reason: str) -> str:
    """Return the reason why a term stops without being met; a reason that the table does not have is a LawError."""
    if reason and reason not in DUTY_AFTER:
        raise LawError(
            f"{reason} is no reason why a term stops: say in workflows/outcomes.py what becomes of the duty to inform"
        )
    return reason
