-- By what lists are ordered: the next term of a case, whether anything in it is open, and whether it lacks a term, in
-- the part of each agency and of each person named. A trigger writes them whenever tracks, terms and handoffs move.
--
-- Made by: keeper
-- May call, owner: lock.update_sort_keys, lock.update_sort_keys_of_ends
-- May call, nobody: lock.refresh, lock.sort_keys, lock.lists_otherwise
-- Touches: lock.law_final, public.casework_agencyrecord, public.casework_deadline, public.casework_handoff,
--   public.casework_assignment, public.casework_participation, public.casework_track

CREATE OR REPLACE FUNCTION lock.sort_keys(of_case uuid, of_agency int, OUT is_open boolean, OUT lacks_term boolean,
  OUT next_due_at timestamptz, OUT keeps boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due timestamptz;
  idle boolean;
BEGIN
  SELECT min(d.due_at) INTO due FROM public.casework_deadline d
    WHERE d.case_id = of_case AND d.agency_id = of_agency AND d.met_at IS NULL;
  is_open := due IS NOT NULL OR EXISTS (
    SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency
    AND NOT EXISTS (SELECT 1 FROM lock.law_final f WHERE f.kind = t.kind AND f.state = t.state)
  ) OR EXISTS (
    SELECT 1 FROM public.casework_handoff h WHERE h.case_id = of_case AND of_agency IN (h.sender_id, h.receiver_id)
    AND NOT EXISTS (SELECT 1 FROM lock.law_final f WHERE f.kind = 'handoff' AND f.state = h.state));
  idle := NOT EXISTS (SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency)
    AND NOT EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.case_id = of_case
      AND of_agency IN (h.sender_id, h.receiver_id) AND NOT (h.state = 'withdrawn' AND h.delivered = '{}'));
  is_open := is_open OR idle;
  lacks_term := idle OR EXISTS (
    SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency
    AND NOT EXISTS (SELECT 1 FROM lock.law_final f WHERE f.kind = t.kind AND f.state = t.state)
    AND NOT EXISTS (SELECT 1 FROM public.casework_deadline d WHERE d.track_id = t.id AND d.met_at IS NULL
      AND NOT d.clock = ANY (lock.recorded_clocks())));
  next_due_at := coalesce(due, '9999-01-01Z');
  keeps := EXISTS (
    SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency) OR EXISTS (
    SELECT 1 FROM public.casework_agencyrecord a WHERE a.case_id = of_case AND a.agency_id = of_agency);
END $$;

CREATE OR REPLACE FUNCTION lock.refresh(of_case uuid, of_agency int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  k record;
BEGIN
  SELECT * INTO k FROM lock.sort_keys(of_case, of_agency);
  UPDATE public.casework_participation r SET is_open = k.is_open, lacks_term = k.lacks_term, next_due_at = k.next_due_at,
    keeps = k.keeps, moved_at = coalesce(lock.current_moment(), now())
    WHERE r.content_object_id = of_case AND r.group_id = of_agency AND r.ends_at IS NULL;
  UPDATE public.casework_assignment n SET is_open = k.is_open, lacks_term = k.lacks_term, next_due_at = k.next_due_at,
    moved_at = coalesce(lock.current_moment(), now())
    WHERE n.content_object_id = of_case AND n.agency_id = of_agency AND n.ends_at IS NULL;
END $$;

-- Returns the running participations and assignments of which a sort key differs from what it is made of: of all of them,
-- of those that were written since a snapshot, or of those that are asked for again. No entry of the trail holds these
-- columns, and two of them decide who sees what: everybody who leads an agency sees the cases in which it has a record
-- (`keeps`), and lists show what is open.
CREATE OR REPLACE FUNCTION lock.lists_otherwise(parts_since pg_snapshot, people_since pg_snapshot, again jsonb)
RETURNS TABLE (in_table text, of_row text, of_column text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Not STABLE: it reads after the rows were compared, so that what is committed meanwhile is seen now or by the next run.
  RETURN QUERY WITH s AS MATERIALIZED (
      SELECT 'casework_participation' AS tab, r.id::text AS pk, r.content_object_id AS of_case, r.group_id AS of_agency,
        r.is_open, r.lacks_term, r.next_due_at, r.keeps FROM public.casework_participation r
        WHERE r.ends_at IS NULL AND (parts_since IS NULL OR trail.is_written_since(r.xmin, parts_since)
          OR coalesce(again -> 'casework_participation', '[]') ? r.id::text)
      UNION ALL
      SELECT 'casework_assignment', n.id::text, n.content_object_id, n.agency_id, n.is_open, n.lacks_term, n.next_due_at,
        NULL FROM public.casework_assignment n
        WHERE n.ends_at IS NULL AND (people_since IS NULL OR trail.is_written_since(n.xmin, people_since)
          OR coalesce(again -> 'casework_assignment', '[]') ? n.id::text)),
    k AS MATERIALIZED (SELECT p.of_case, p.of_agency, made.* FROM (SELECT DISTINCT s.of_case, s.of_agency FROM s) AS p
      CROSS JOIN LATERAL lock.sort_keys(p.of_case, p.of_agency) AS made)
    SELECT s.tab, s.pk, c.name FROM s JOIN k USING (of_case, of_agency)
    CROSS JOIN LATERAL (VALUES ('is_open', s.is_open <> k.is_open), ('lacks_term', s.lacks_term <> k.lacks_term),
      ('next_due_at', s.next_due_at <> k.next_due_at), ('keeps', s.keeps <> k.keeps)) AS c (name, differs)
    WHERE c.differs;
END $$;

CREATE OR REPLACE FUNCTION lock.update_sort_keys() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM lock.refresh(NEW.case_id, NEW.agency_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION lock.update_sort_keys_of_ends() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM lock.refresh(NEW.case_id, NEW.sender_id);
  PERFORM lock.refresh(NEW.case_id, NEW.receiver_id);
  RETURN NULL;
END $$;
