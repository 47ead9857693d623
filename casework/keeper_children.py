"""The keeper answers whether there are children of whom Veilig Thuis is still to be told.

Asked where a check or a child is stored or corrected, where a report arrives or comes to nothing, and where a case is
closed; by one function, because the receiver of a report may read nothing of the sender's record.
"""

from casework.codes import ADULT_YEARS
from permissions.decision import DESK_STATES, TAKEN_STATES
from permissions.guard import among
from permissions.vocabulary import AgencyKind
from workflows.fact_words import CHILDREN_FOUND_CODES

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
ARRIVED = tuple(sorted(DESK_STATES | TAKEN_STATES))
"""States of a report that lies at its receiver."""
AROUND = ("household_member", "contact", "guardian")
"""Roles of who are children where that is known; a possible victim has a track and help of their own."""
LEAST_REASON = 20
"""Characters of a reason that says something."""
YOUNGEST = 12
"""Nobody younger is warned (article 486 of the Code of Criminal Procedure)."""
NO_REPORT = ("no_concern_report", "close_warning")
"""What a second person approves together with the reason for no report."""


def _younger(person: str, age: int) -> str:
    """Say whether this person is known to be younger: a birth date known in part is the last day that it can be."""
    year, month, day = (f"extract({part} FROM {person}.birth_date)" for part in ("year", "month", "day"))
    now = "(extract(year FROM today), extract(month FROM today), extract(day FROM today))"
    by_date = f"({year} + {age}, {month}, {day}) > {now}"
    return f"coalesce(CASE WHEN {person}.birth_date IS NULL THEN {person}.estimated_age < {age} ELSE {by_date} END, false)"


def _not_older(person: str, age: int) -> str:
    """Say whether this person is younger for all that is known."""
    return f"({_younger(person, age)} OR {person}.birth_date IS NULL AND {person}.estimated_age IS NULL)"


_IS_CHILD = (
    f"(p.role = 'minor' AND {_not_older('p', ADULT_YEARS)} OR {among('p.role', AROUND)} AND {_younger('p', ADULT_YEARS)})"
)


_BEFORE = "(CASE WHEN left(c.was, 1) = '{' THEN c.was::jsonb END)"
_YEAR = f"left({_BEFORE} ->> 'birth_date', 4)::int"
_WAS_YOUNG = f"""({_YEAR} + {ADULT_YEARS} >= extract(year FROM today)
            OR ({_BEFORE} ->> 'estimated_age')::int < {ADULT_YEARS})"""
_WAS_CHILD = f"""(p.role <> 'subject' AND (p.role = 'minor' OR {_younger("p", ADULT_YEARS)})
        OR EXISTS (SELECT 1 FROM public.casework_correction c WHERE c.case_id = of_case AND c.agency_id = whose
          AND c.kind = 'person' AND c.row_id = p.id
          AND ({_BEFORE} ->> 'role' = 'minor' OR p.role <> 'subject' AND {_WAS_YOUNG})))"""  # noqa: S608 - our own words alone
"""Whoever is a child in the record, or was one before somebody corrected their role or age."""
_SINCE = "coalesce(p.role_since, p.made_at)"
_FOUND = f"IN {CHILDREN_FOUND_CODES}"

_IS_ONE = "lock.one_person(of_case, whose, {row}) = {person}"
"""Whether a row is of this person: what was merged is one person from then on (casework/one_person.py)."""

ONE_PERSON = f"""
CREATE OR REPLACE FUNCTION lock.one_person(of_case uuid, whose int, who uuid) RETURNS uuid
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  passed uuid[] := '{{}}';
  into_row uuid;
BEGIN
  WHILE who IS NOT NULL AND NOT who = ANY (passed) LOOP
    passed := passed || who;
    into_row := (SELECT f.ref_id FROM public.casework_storedfact f WHERE f.case_id = of_case AND f.agency_id = whose
      AND f.fact = 'person_gone' AND f.code = 'merged' AND f.person_id = who AND f.replaced_by_id IS NULL
      AND f.ref_id IS NOT NULL ORDER BY f.made_at DESC, f.id DESC LIMIT 1);
    who := coalesce(into_row, who);
  END LOOP;
  RETURN who;
END $$;
"""  # noqa: S608 - our own words alone

FUNCTIONS = f"""{ONE_PERSON}
CREATE OR REPLACE FUNCTION lock.untold_children_of(of_case uuid, whose int, told text[], said_no timestamptz,
  moving uuid DEFAULT NULL, entered text DEFAULT NULL) RETURNS boolean LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  today date := (coalesce(lock.current_moment(), now()) AT TIME ZONE 'Europe/Amsterdam')::date;
  of_kind text := (SELECT a.kind FROM public.permissions_agency a WHERE a.group_id = whose);
BEGIN
  IF of_kind = '{AgencyKind.VEILIG_THUIS}' THEN
    RETURN false;
  END IF;
  RETURN EXISTS (WITH checks AS (
    SELECT f.*, row_number() OVER (PARTITION BY f.track_id, f.round, f.code {_FOUND} ORDER BY f.made_at DESC, f.id DESC) = 1
        AS counts,
      row_number() OVER (ORDER BY f.made_at DESC, f.id DESC) = 1 AS is_last
    FROM public.casework_storedfact f WHERE f.case_id = of_case AND f.agency_id = whose AND f.fact = 'child_check'
      AND f.replaced_by_id IS NULL),
  children AS (
    SELECT p.id, {_SINCE} AS since FROM public.casework_personincase p
    WHERE p.case_id = of_case AND p.agency_id = whose AND {_IS_CHILD} AND {_IS_ONE.format(row="p.id", person="p.id")}),
  corrected_away AS (
    SELECT f.id, f.made_at FROM public.casework_storedfact f WHERE f.case_id = of_case AND f.agency_id = whose
      AND f.fact = 'child_check' AND f.replaced_by_id IS NOT NULL AND f.code {_FOUND}
      AND EXISTS (SELECT 1 FROM checks c WHERE c.made_at = f.made_at AND c.track_id IS NOT DISTINCT FROM f.track_id
        AND NOT c.code {_FOUND})
      AND EXISTS (SELECT 1 FROM public.casework_personincase p WHERE p.case_id = of_case AND p.agency_id = whose
        AND {_WAS_CHILD})),
  owed AS (
    SELECT 'check' AS kind, c.id, c.made_at AS since FROM checks c WHERE c.counts AND c.code {_FOUND}
    UNION ALL SELECT 'check', c.id, c.made_at FROM corrected_away c
    UNION ALL SELECT 'child', k.id, k.since FROM children k WHERE EXISTS (SELECT 1 FROM checks) AND NOT EXISTS (
      SELECT 1 FROM checks c WHERE c.is_last AND NOT c.code {_FOUND} AND length(c.text) >= {LEAST_REASON}
        AND c.made_at >= k.since)
    UNION ALL SELECT 'child', p.id, greatest({_SINCE}, (SELECT max(m.made_at) FROM public.casework_storedfact m
        WHERE m.case_id = of_case AND m.agency_id = whose AND m.fact = 'person_gone' AND m.code = 'merged'
        AND m.ref_id = p.id AND m.replaced_by_id IS NULL))
      FROM public.casework_personincase p
      WHERE p.case_id = of_case AND p.agency_id = whose AND of_kind = '{AgencyKind.POLICE}' AND {_younger("p", YOUNGEST)}
        AND EXISTS (SELECT 1 FROM public.casework_personincase s WHERE s.case_id = of_case AND s.agency_id = whose
          AND s.role = 'subject' AND {_IS_ONE.format(row="s.id", person="p.id")})),
  reports AS (
    SELECT h.id, h.package, coalesce((SELECT max(s.made_at) FROM public.casework_steptaken s WHERE s.handoff_id = h.id
      AND s.target = 'prepared'), h.made_at) AS made_at
    FROM public.casework_handoff h WHERE h.case_id = of_case AND h.sender_id = whose AND h.kind = 'concern_report'
      AND EXISTS (SELECT 1 FROM public.permissions_agency a WHERE a.group_id = h.receiver_id
        AND a.kind = '{AgencyKind.VEILIG_THUIS}')
      AND CASE WHEN h.id = moving THEN entered ELSE h.state END = ANY (told)),
  carried AS (
    SELECT r.id AS report, r.made_at, i.origin_id, i."group" AS kind FROM reports r
    JOIN public.casework_packageitem i ON i.handoff_id = r.id AND i.package = r.package
      AND i."group" IN ('child_check', 'identity')),
  carried_checks AS (
    SELECT x.report, x.made_at AS sent_at, f.* FROM carried x JOIN public.casework_storedfact f ON f.id = x.origin_id
    WHERE x.kind = 'child_check' AND f.code {_FOUND})
  SELECT 1 FROM owed o WHERE o.since > coalesce(said_no, '-infinity')
    AND NOT EXISTS (SELECT 1 FROM public.casework_approval a JOIN public.casework_storedfact n ON n.case_id = a.case_id
        AND n.agency_id = a.agency_id AND n.fact = 'no_concern_report' AND n.made_at <= a.made_at
      WHERE a.case_id = of_case AND a.agency_id = whose AND {among("a.action", NO_REPORT)} AND a.approved_by_id IS NOT NULL
        AND n.replaced_by_id IS NULL AND n.made_at >= o.since AND NOT EXISTS (SELECT 1 FROM public.casework_correction c
          WHERE c.case_id = of_case AND c.agency_id = whose AND c.label = 'no_concern_report' AND c.made_at > a.made_at))
    AND CASE o.kind WHEN 'child' THEN
      NOT EXISTS (SELECT 1 FROM carried x WHERE x.kind = 'identity' AND {_IS_ONE.format(row="x.origin_id", person="o.id")})
      AND NOT EXISTS (SELECT 1 FROM carried_checks c JOIN children k ON k.id = o.id WHERE c.sent_at >= o.since)
    ELSE
      NOT EXISTS (SELECT 1 FROM carried_checks c JOIN public.casework_storedfact mine ON mine.id = o.id
        WHERE c.made_at = mine.made_at
        OR c.code = mine.code AND c.text = mine.text AND NOT EXISTS (
          SELECT 1 FROM public.casework_visit v WHERE v.case_id = of_case AND v.agency_id = whose
            AND v.reported_at > c.made_at AND v.reported_at <= mine.made_at) AND NOT EXISTS (
          SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = whose
            AND t.round_began_at > c.made_at AND t.round_began_at <= mine.made_at))
      AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.made_at >= o.since
        AND EXISTS (SELECT 1 FROM children k WHERE k.since <= r.made_at)
        AND NOT EXISTS (SELECT 1 FROM children k WHERE k.since <= r.made_at AND NOT EXISTS (
          SELECT 1 FROM carried x WHERE x.report = r.id AND x.kind = 'identity'
          AND {_IS_ONE.format(row="x.origin_id", person="k.id")})))
    END);
END $$;
CREATE OR REPLACE FUNCTION lock.untold_children(of_case uuid, told text[], said_no timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN lock.agency() IS NOT NULL AND lock.untold_children_of(of_case, lock.agency(), told, said_no);
END $$;
"""  # noqa: S608 - our own words alone
