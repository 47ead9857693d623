-- Who saw a case or a person, for those who watch over the records: an external auditor in cases on which they are
-- named, nobody behind a wall.
--
-- Made by: keeper
-- May call, app: lock.who_saw, lock.subjects_of, lock.cases_of_identity, lock.entries_showing
-- Touches: public.audit_entry, public.casework_nametoken, public.casework_assignment, public.casework_personincase,
--   public.casework_participation, public.casework_wall, trail.shown

CREATE OR REPLACE FUNCTION lock.who_saw(of_case uuid, since timestamptz, until timestamptz)
RETURNS SETOF public.audit_entry
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF lock.role() IS DISTINCT FROM 'migration' OR lock.action() IS DISTINCT FROM 'see_access_log' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody asks who saw this';
  END IF;
  RETURN QUERY SELECT e.* FROM public.audit_entry e WHERE e.case_id = of_case AND e.occurred_at >= since
    AND e.occurred_at < until AND (e.agency_id = lock.agency() OR e.record_agency_id = lock.agency())
    UNION ALL SELECT e.* FROM public.audit_entry e WHERE e.agency_id = lock.agency() AND e.id IN (
      SELECT s.entry_id FROM trail.shown s WHERE s.case_id = of_case AND s.occurred_at >= since AND s.occurred_at < until);
END $$;

CREATE OR REPLACE FUNCTION lock.subjects_of(cases uuid[]) RETURNS TABLE (of_case uuid, subject uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'export_trail' OR NOT coalesce(lock.role(), '') = ANY (lock.overseers()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody exports the trail';
  END IF;
  RETURN QUERY SELECT p.case_id, p.id FROM public.casework_personincase p WHERE p.agency_id = lock.agency()
    AND p.case_id = ANY (cases) AND (NOT lock.role() = ANY (lock.named_overseers())
      OR EXISTS (SELECT 1 FROM public.casework_assignment y WHERE y.content_object_id = p.case_id
        AND y.user_id = lock.person() AND y.agency_id = lock.agency() AND y.starts_at <= lock.current_moment()
        AND (y.ends_at IS NULL OR y.ends_at > lock.current_moment()))) ORDER BY 1, 2;
END $$;

CREATE OR REPLACE FUNCTION lock.cases_of_identity(kinds text[], lows text[], highs text[])
RETURNS TABLE (of_case uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT coalesce(lock.action(), '') IN ('see_access_log', 'handle_rights_request')
    OR NOT coalesce(lock.role(), '') = ANY (lock.overseers()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody asks who saw a person';
  END IF;
  RETURN QUERY SELECT DISTINCT t.case_id FROM unnest(kinds, lows, highs) AS asked (kind, low, high)
    JOIN public.casework_nametoken t ON t.kind = asked.kind AND t.token >= asked.low AND t.token <= asked.high
    WHERE t.agency_id = lock.agency() AND (NOT lock.role() = ANY (lock.named_overseers())
      OR EXISTS (SELECT 1 FROM public.casework_assignment y WHERE y.content_object_id = t.case_id
        AND y.user_id = lock.person() AND y.agency_id = lock.agency() AND y.starts_at <= lock.current_moment()
        AND (y.ends_at IS NULL OR y.ends_at > lock.current_moment())))
    AND NOT EXISTS (SELECT 1 FROM public.casework_wall w WHERE w.user_id = lock.person() AND w.case_id = t.case_id
      AND w.starts_at <= lock.current_moment() AND (w.ends_at IS NULL OR w.ends_at > lock.current_moment()));
END $$;

CREATE OR REPLACE FUNCTION lock.entries_showing(cases uuid[], since timestamptz, until timestamptz)
RETURNS SETOF public.audit_entry
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  reviews boolean := coalesce(lock.role(), '') = ANY (lock.overseers());
  leads boolean := coalesce(lock.role(), '') = ANY (lock.case_log_leaders());
BEGIN
  RETURN QUERY SELECT e.* FROM public.audit_entry e WHERE e.agency_id = lock.agency() AND e.id IN (
    SELECT s.entry_id FROM trail.shown s WHERE s.case_id = ANY (cases) AND s.occurred_at >= coalesce(since, '-infinity')
      AND s.occurred_at < coalesce(until, 'infinity') AND (NOT lock.role() = ANY (lock.named_overseers())
        OR EXISTS (SELECT 1 FROM public.casework_assignment y WHERE y.content_object_id = s.case_id
          AND y.user_id = lock.person() AND y.agency_id = lock.agency() AND y.starts_at <= lock.current_moment()
          AND (y.ends_at IS NULL OR y.ends_at > lock.current_moment())))
      AND (reviews OR (leads AND EXISTS (SELECT 1 FROM public.casework_participation r WHERE r.content_object_id = s.case_id
        AND r.group_id = lock.agency() AND r.keeps AND r.starts_at <= lock.current_moment()
        AND (r.ends_at IS NULL OR r.ends_at > lock.current_moment()))))
      AND NOT EXISTS (SELECT 1 FROM public.casework_wall w WHERE w.user_id = lock.person() AND w.case_id = s.case_id
        AND w.starts_at <= lock.current_moment() AND (w.ends_at IS NULL OR w.ends_at > lock.current_moment())));
END $$;
