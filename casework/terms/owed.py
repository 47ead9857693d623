"""Terms that are owed from before their clock was known: begun once when a database is brought up to date."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

from casework.people.children import ARRIVED, YOUNGEST
from workflows.calendars import due
from workflows.clocks import RULE_VERSION, TERMS
from workflows.tracks import TRACKS

OWED = UUID("5f0f6e0e-2f3a-4f0a-9d0c-6b1f5a0c3f11")
FINAL = sorted(f"{name}.{state}" for name, workflow in TRACKS.items() for state in workflow.final)
_IS_OPEN = f"""EXISTS (SELECT 1 FROM public.casework_track t WHERE t.case_id = f.case_id AND t.agency_id = f.agency_id
  AND t.kind || '.' || t.state <> ALL (ARRAY[{", ".join(f"'{one}'" for one in FINAL)}]))"""  # noqa: S608 - our own words alone
_CHECKS = """SELECT DISTINCT ON (case_id, agency_id) case_id, agency_id, track_id, code FROM public.casework_storedfact
  WHERE fact = 'child_check' AND replaced_by_id IS NULL ORDER BY case_id, agency_id, made_at DESC, id DESC"""
_YOUNG = f"""SELECT p.case_id, p.agency_id, NULL::uuid, '' FROM public.casework_personincase p WHERE p.role = 'subject'
  AND (p.birth_date > now() - interval '{YOUNGEST + 1} years' OR p.estimated_age < {YOUNGEST})"""  # noqa: S608 - ours
_NEVER_BEGUN = """NOT EXISTS (SELECT 1 FROM public.casework_deadline d WHERE d.case_id = f.case_id
  AND d.agency_id = f.agency_id AND d.clock = %(clock)s)"""
_UNTOLD = f"lock.untold_children_of(f.case_id, f.agency_id, ARRAY{[*ARRIVED]}, NULL)"


def _owed(rows: str, said: str) -> str:
    return f"""SELECT DISTINCT ON (f.case_id, f.agency_id) f.case_id, f.agency_id, f.track_id FROM ({rows}) f
      JOIN public.permissions_agency a ON a.group_id = f.agency_id AND a.kind <> 'veilig_thuis'
      WHERE {_IS_OPEN} AND {_NEVER_BEGUN} AND {said} ORDER BY f.case_id, f.agency_id, f.track_id"""  # noqa: S608 - ours


QUERIES: Mapping[str, str] = MappingProxyType(
    {
        "CHILDREN_FOUND": _owed(f"({_CHECKS}) UNION ALL {_YOUNG}", _UNTOLD),
        "CHILD_CHECK": _owed(_CHECKS, "f.code = 'unknown'"),
    },
)
INSERT = """
INSERT INTO public.casework_deadline (id, case_id, agency_id, track_id, clock, moment, rule_version, started_at, due_at)
  VALUES (%s, %s, %s, %s, %s, 0, %s, %s, %s)
"""


def begin_owed(cursor: Any, act_as: Any) -> None:
    """Begin the terms for children who were found, or might be there, before these clocks existed."""
    cursor.execute("SELECT now()")
    now = cursor.fetchone()[0]
    cursor.execute("SELECT day FROM public.casework_decreedday")
    decreed = frozenset(day for (day,) in cursor.fetchall())
    rows = []
    for code, query in QUERIES.items():
        clock = TERMS[code]
        cursor.execute(query, {"clock": code})
        until = due(now, clock.numbers[0], clock.unit, clock.calendar, decreed)
        rows += [
            (uuid5(OWED, f"{case}:{agency}:{code}"), case, agency, track, code, RULE_VERSION, now, until)
            for case, agency, track in cursor.fetchall()
        ]
    if rows:
        act_as(cursor)
        cursor.executemany(INSERT, rows)
