"""Knows the ids behind the names of a story, and counts what stands in the records when it has ended.

It reads as the backup role, which sees all rows and changes none; nobody in the story acts through it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from permissions.vocabulary import Action
from workflows.tracks import TRACKS

REPORT = {
    "visits": "SELECT outcome, count(*) FROM casework_visit WHERE outcome <> '' GROUP BY outcome ORDER BY outcome",
    "warned": "SELECT coalesce(sum(warned), 0) FROM casework_visit",
    "homes_searched": "SELECT coalesce(sum(homes_searched), 0) FROM casework_visit",
    "data_carriers": "SELECT coalesce(sum(data_carriers), 0) FROM casework_visit",
    "arrests": "SELECT coalesce(sum(arrests), 0) FROM casework_visit",
    "help_information_given": "SELECT count(*) FROM casework_steptaken WHERE action = 'give_information'",
    "tracks": "SELECT kind, state, count(*) FROM casework_track GROUP BY kind, state ORDER BY kind, state",
    "handoffs": "SELECT state, count(*) FROM casework_handoff GROUP BY state ORDER BY state",
    "disclosures": "SELECT count(*) FROM casework_disclosure",
    "deadlines": (
        "SELECT CASE WHEN met_at IS NOT NULL THEN 'met' WHEN overdue_at IS NOT NULL THEN 'overdue' ELSE 'open' END AS s,"
        " count(*) FROM casework_deadline GROUP BY s ORDER BY s"
    ),
    "refusals": "SELECT count(*) FROM audit_entry WHERE outcome = 'refused'",
    "entries": "SELECT verb, count(*) FROM audit_entry GROUP BY verb ORDER BY verb",
}
"""Each figure is one query over the records."""

COUNTS = frozenset(
    {"warned", "homes_searched", "data_carriers", "arrests", "help_information_given", "disclosures", "refusals"},
)


@dataclass
class Backstage:
    """A reading connection beside the story."""

    connection: psycopg.Connection[Any]

    def _one(self, query: str, values: Sequence[object]) -> UUID | None:
        row = self.connection.execute(query, values).fetchone()
        return row[0] if row else None

    def case_of(self, known: UUID) -> UUID:
        """Return the case that this id is, or belongs to."""
        for table in ("casework_track", "casework_handoff", "casework_note"):
            found = self._one(f"SELECT case_id FROM {table} WHERE id = %s", [known])
            if found:
                return found
        return known

    def reference_of(self, known: UUID) -> str:
        """Return the reference by which the agency that opened a case knows it."""
        query = "SELECT reference FROM casework_participation WHERE content_object_id = %s ORDER BY starts_at LIMIT 1"
        row = self.connection.execute(query, [self.case_of(known)]).fetchone()
        return str(row[0]) if row else ""

    def is_handoff(self, known: UUID) -> bool:
        """Whether this id is a handoff."""
        return self._one("SELECT id FROM casework_handoff WHERE id = %s", [known]) is not None

    def handoff(self, known: UUID) -> UUID | None:
        """Return the handoff that this id is, or the latest of the case it belongs to."""
        query = "SELECT id FROM casework_handoff WHERE id = %s OR case_id = %s ORDER BY made_at DESC LIMIT 1"
        return self._one(query, [known, known])

    def handoffs_of(self, known: UUID) -> list[UUID]:
        """Return this handoff, or those of this case."""
        query = "SELECT id FROM casework_handoff WHERE id = %s OR case_id = %s ORDER BY made_at"
        return [row[0] for row in self.connection.execute(query, [known, known]).fetchall()]

    def part_of(self, known: UUID, kind: str, agency_id: int | None) -> UUID | None:
        """Return the track of this kind in a case, the agency's own first; or its latest handoff."""
        if kind == "handoff":
            return self.handoff(known if self.is_handoff(known) else self.case_of(known))
        query = (
            "SELECT id FROM casework_track WHERE case_id = %s AND kind = %s"
            " ORDER BY (agency_id = %s) DESC, made_at DESC LIMIT 1"
        )
        return self._one(query, [self.case_of(known), kind, agency_id or 0])

    def track_for(self, known: UUID, action: Action, agency_id: int | None) -> UUID | None:
        """Return the track of a case that this action is most likely meant for: the agency's own, in a fitting state."""
        query = "SELECT id, kind, state, agency_id, made_at FROM casework_track WHERE id = %s OR case_id = %s"
        rows = self.connection.execute(query, [known, known]).fetchall()
        rows = rows or self.connection.execute(query, [known, self.case_of(known)]).fetchall()
        fitting = [row for row in rows if any(step.action is action for step in TRACKS[row[1]].steps)]
        ranked = sorted(fitting, key=lambda row: (row[3] == agency_id, (row[2], action) in TRACKS[row[1]].rows, row[4]))
        return ranked[-1][0] if ranked else None

    def approvable(self, known: UUID, agency_id: int | None) -> UUID | None:
        """Return what an approval in this case is about: what was last asked, else the open track or the handoff."""
        if self.is_handoff(known):
            return known
        asked = self._one(
            "SELECT coalesce(track_id, handoff_id) FROM casework_approval WHERE (case_id = %s OR track_id = %s)"
            " AND agency_id = %s AND approved_by_id IS NULL ORDER BY made_at DESC LIMIT 1",
            [known, known, agency_id or 0],
        )
        return asked or self._one(
            "SELECT id FROM casework_track WHERE (case_id = %s OR id = %s) ORDER BY (agency_id = %s) DESC, made_at LIMIT 1",
            [known, known, agency_id or 0],
        )

    def stands(self, table: str, known: UUID) -> bool:
        """Whether a row of this id stands in one of our tables."""
        return self._one(f"SELECT id FROM {table} WHERE id = %s", [known]) is not None

    def offer(self, known: UUID, *, contact: bool = False) -> str:
        """Return the key under which a row of a record is chosen for a package (casework.packages.items)."""
        kinds = {"casework_personincase": "person", "casework_premises": "premises", "casework_note": "note"}
        kind = next((kind for table, kind in kinds.items() if self.stands(table, known)), "fact")
        return f"{'contact' if contact else kind}:{known}"

    def question(self, known: UUID, agency_id: int | None) -> UUID | None:
        """Return what this agency was asked by a check whether a person is known; each owner has rows of its own."""
        query = (
            "SELECT k.id FROM casework_knowncheck k JOIN casework_nametoken i ON i.agency_id = k.agency_id"
            " AND i.kind IN ('identity', 'alike') WHERE k.agency_id = %s"
            " AND k.id = md5(%s || k.agency_id || i.token)::uuid ORDER BY k.id LIMIT 1"
        )
        return self._one(query, [agency_id or 0, str(known)])

    def finding(self, known: UUID | None, person_id: int | None) -> UUID | None:
        """Return the latest finding of this id, on this emergency, or about this person."""
        query = (
            "SELECT id FROM casework_finding WHERE id = %s OR emergency_id = %s OR about_id = %s"
            " ORDER BY opened_at DESC LIMIT 1"
        )
        return self._one(query, [known, known, person_id])

    def report(self) -> dict[str, Any]:
        """Count what stands in the records."""
        answer: dict[str, Any] = {}
        for name, query in REPORT.items():
            rows = self.connection.execute(query).fetchall()
            if name in COUNTS:
                answer[name] = int(rows[0][0])
            elif name == "tracks":
                tracks: dict[str, dict[str, int]] = {}
                for kind, state, count in rows:
                    tracks.setdefault(kind, {})[state] = count
                answer[name] = tracks
            else:
                answer[name] = {str(key): count for key, count in rows}
        return answer
