-- Whether there are children of whom Veilig Thuis is still to be told. Asked where a check or a child is stored or
-- corrected, where a report arrives or comes to nothing, and where a case is closed; by one function, because the
-- receiver of a report may read nothing of the sender's record.
--
-- Made by: keeper
-- May call, app: lock.untold_children
-- May call, owner: lock.untold_children_of
-- May call, nobody: lock.is_younger
-- Touches: public.casework_approval, public.casework_correction, public.casework_handoff,
--   public.casework_packageitem, public.casework_personincase, public.casework_steptaken, public.casework_storedfact,
--   public.casework_track, public.casework_visit, public.permissions_agency

-- Whether this person is known to be younger: a birth date known in part is the last day that it can be.
CREATE OR REPLACE FUNCTION lock.is_younger(birth_date date, estimated_age smallint, years int, today date) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(CASE WHEN birth_date IS NULL THEN estimated_age < years
    ELSE (extract(year FROM birth_date) + years, extract(month FROM birth_date), extract(day FROM birth_date))
      > (extract(year FROM today), extract(month FROM today), extract(day FROM today)) END, false)
$$;

CREATE OR REPLACE FUNCTION lock.untold_children_of(of_case uuid, whose int, told text[], said_no timestamptz,
  moving uuid DEFAULT NULL, entered text DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  today date := (coalesce(lock.current_moment(), now()) AT TIME ZONE 'Europe/Amsterdam')::date;
  of_kind text := (SELECT a.kind FROM public.permissions_agency a WHERE a.group_id = whose);
BEGIN
  IF of_kind = 'veilig_thuis' THEN
    RETURN false;
  END IF;
  RETURN EXISTS (WITH checks AS (
    SELECT f.*, row_number() OVER (PARTITION BY f.track_id, f.round, f.code = ANY (lock.children_found_codes())
        ORDER BY f.made_at DESC, f.id DESC) = 1 AS counts,
      row_number() OVER (ORDER BY f.made_at DESC, f.id DESC) = 1 AS is_last
    FROM public.casework_storedfact f WHERE f.case_id = of_case AND f.agency_id = whose AND f.fact = 'child_check'
      AND f.replaced_by_id IS NULL),
  children AS (
    SELECT p.id, coalesce(p.role_since, p.made_at) AS since FROM public.casework_personincase p
    WHERE p.case_id = of_case AND p.agency_id = whose
      AND (p.role = 'minor' AND (lock.is_younger(p.birth_date, p.estimated_age, lock.adult_years(), today)
          OR p.birth_date IS NULL AND p.estimated_age IS NULL)
        OR p.role = ANY (lock.roles_around())
          AND lock.is_younger(p.birth_date, p.estimated_age, lock.adult_years(), today))
      AND lock.one_person(of_case, whose, p.id) = p.id),
  corrected_away AS (
    SELECT f.id, f.made_at FROM public.casework_storedfact f WHERE f.case_id = of_case AND f.agency_id = whose
      AND f.fact = 'child_check' AND f.replaced_by_id IS NOT NULL AND f.code = ANY (lock.children_found_codes())
      AND EXISTS (SELECT 1 FROM checks c WHERE c.made_at = f.made_at AND c.track_id IS NOT DISTINCT FROM f.track_id
        AND NOT c.code = ANY (lock.children_found_codes()))
      -- Whoever is a child in the record, or was one before somebody corrected their role or age.
      AND EXISTS (SELECT 1 FROM public.casework_personincase p WHERE p.case_id = of_case AND p.agency_id = whose
        AND (p.role <> 'subject' AND (p.role = 'minor'
            OR lock.is_younger(p.birth_date, p.estimated_age, lock.adult_years(), today))
          OR EXISTS (SELECT 1 FROM public.casework_correction c WHERE c.case_id = of_case AND c.agency_id = whose
            AND c.kind = 'person' AND c.row_id = p.id
            AND ((CASE WHEN left(c.was, 1) = '{' THEN c.was::jsonb END) ->> 'role' = 'minor' OR p.role <> 'subject'
              AND (left((CASE WHEN left(c.was, 1) = '{' THEN c.was::jsonb END) ->> 'birth_date', 4)::int
                + lock.adult_years() >= extract(year FROM today)
              OR ((CASE WHEN left(c.was, 1) = '{' THEN c.was::jsonb END) ->> 'estimated_age')::int
                < lock.adult_years())))))),
  owed AS (
    SELECT 'check' AS kind, c.id, c.made_at AS since FROM checks c
      WHERE c.counts AND c.code = ANY (lock.children_found_codes())
    UNION ALL SELECT 'check', c.id, c.made_at FROM corrected_away c
    UNION ALL SELECT 'child', k.id, k.since FROM children k WHERE EXISTS (SELECT 1 FROM checks) AND NOT EXISTS (
      SELECT 1 FROM checks c WHERE c.is_last AND NOT c.code = ANY (lock.children_found_codes())
        AND length(c.text) >= lock.least_reason() AND c.made_at >= k.since)
    UNION ALL SELECT 'child', p.id, greatest(coalesce(p.role_since, p.made_at), (SELECT max(m.made_at)
        FROM public.casework_storedfact m
        WHERE m.case_id = of_case AND m.agency_id = whose AND m.fact = 'person_gone' AND m.code = 'merged'
        AND m.ref_id = p.id AND m.replaced_by_id IS NULL))
      FROM public.casework_personincase p
      WHERE p.case_id = of_case AND p.agency_id = whose AND of_kind = 'police'
        AND lock.is_younger(p.birth_date, p.estimated_age, lock.youngest_warned(), today)
        AND EXISTS (SELECT 1 FROM public.casework_personincase s WHERE s.case_id = of_case AND s.agency_id = whose
          AND s.role = 'subject' AND lock.one_person(of_case, whose, s.id) = p.id)),
  reports AS (
    SELECT h.id, h.package, coalesce((SELECT max(s.made_at) FROM public.casework_steptaken s WHERE s.handoff_id = h.id
      AND s.target = 'prepared'), h.made_at) AS made_at
    FROM public.casework_handoff h WHERE h.case_id = of_case AND h.sender_id = whose AND h.kind = 'concern_report'
      AND EXISTS (SELECT 1 FROM public.permissions_agency a WHERE a.group_id = h.receiver_id
        AND a.kind = 'veilig_thuis')
      AND CASE WHEN h.id = moving THEN entered ELSE h.state END = ANY (told)),
  carried AS (
    SELECT r.id AS report, r.made_at, i.origin_id, i."group" AS kind FROM reports r
    JOIN public.casework_packageitem i ON i.handoff_id = r.id AND i.package = r.package
      AND i."group" IN ('child_check', 'identity')),
  carried_checks AS (
    SELECT x.report, x.made_at AS sent_at, f.* FROM carried x JOIN public.casework_storedfact f ON f.id = x.origin_id
    WHERE x.kind = 'child_check' AND f.code = ANY (lock.children_found_codes()))
  SELECT 1 FROM owed o WHERE o.since > coalesce(said_no, '-infinity')
    AND NOT EXISTS (SELECT 1 FROM public.casework_approval a JOIN public.casework_storedfact n ON n.case_id = a.case_id
        AND n.agency_id = a.agency_id AND n.fact = 'no_concern_report' AND n.made_at <= a.made_at
      WHERE a.case_id = of_case AND a.agency_id = whose AND a.action IN ('no_concern_report', 'close_warning')
        AND a.approved_by_id IS NOT NULL AND n.replaced_by_id IS NULL
        AND n.made_at >= o.since AND NOT EXISTS (SELECT 1 FROM public.casework_correction c
          WHERE c.case_id = of_case AND c.agency_id = whose AND c.label = 'no_concern_report' AND c.made_at > a.made_at))
    AND CASE o.kind WHEN 'child' THEN
      NOT EXISTS (SELECT 1 FROM carried x WHERE x.kind = 'identity' AND lock.one_person(of_case, whose, x.origin_id) = o.id)
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
          AND lock.one_person(of_case, whose, x.origin_id) = k.id)))
    END);
END $$;

CREATE OR REPLACE FUNCTION lock.untold_children(of_case uuid, told text[], said_no timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN lock.agency() IS NOT NULL AND lock.untold_children_of(of_case, lock.agency(), told, said_no);
END $$;
