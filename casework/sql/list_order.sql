-- By what lists are ordered: the next term of a case, whether anything in it is open, and whether it lacks a term, in
-- the part of each agency and of each person named. A trigger keeps them as tracks, terms and handoffs move.
--
-- Made by: keeper
-- May call, owner: lock.keep_sort, lock.keep_sort_of_ends
-- May call, nobody: lock.refresh
-- Touches: lock.law_final, public.casework_agencyrecord, public.casework_deadline, public.casework_handoff,
--   public.casework_naming, public.casework_ruling, public.casework_track

CREATE OR REPLACE FUNCTION lock.refresh(of_case uuid, of_agency int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due timestamptz;
  open boolean;
  idle boolean;
  lacks boolean;
BEGIN
  SELECT min(d.due_at) INTO due FROM public.casework_deadline d
    WHERE d.case_id = of_case AND d.agency_id = of_agency AND d.met_at IS NULL;
  open := due IS NOT NULL OR EXISTS (
    SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency
    AND NOT EXISTS (SELECT 1 FROM lock.law_final f WHERE f.kind = t.kind AND f.state = t.state)
  ) OR EXISTS (
    SELECT 1 FROM public.casework_handoff h WHERE h.case_id = of_case AND of_agency IN (h.sender_id, h.receiver_id)
    AND NOT EXISTS (SELECT 1 FROM lock.law_final f WHERE f.kind = 'handoff' AND f.state = h.state));
  idle := NOT EXISTS (SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency)
    AND NOT EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.case_id = of_case
      AND of_agency IN (h.sender_id, h.receiver_id) AND NOT (h.state = 'withdrawn' AND h.delivered = '{}'));
  open := open OR idle;
  lacks := idle OR EXISTS (
    SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency
    AND NOT EXISTS (SELECT 1 FROM lock.law_final f WHERE f.kind = t.kind AND f.state = t.state)
    AND NOT EXISTS (SELECT 1 FROM public.casework_deadline d WHERE d.track_id = t.id AND d.met_at IS NULL
      AND NOT d.clock = ANY (lock.recorded_clocks())));
  UPDATE public.casework_ruling r SET is_open = open, lacks_term = lacks, next_due_at = coalesce(due, '9999-01-01Z'),
    moved_at = coalesce(lock.current_moment(), now()), keeps = EXISTS (
      SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency) OR EXISTS (
      SELECT 1 FROM public.casework_agencyrecord a WHERE a.case_id = of_case AND a.agency_id = of_agency)
    WHERE r.content_object_id = of_case AND r.group_id = of_agency AND r.ends_at IS NULL;
  UPDATE public.casework_naming n SET is_open = open, lacks_term = lacks, next_due_at = coalesce(due, '9999-01-01Z'),
    moved_at = coalesce(lock.current_moment(), now())
    WHERE n.content_object_id = of_case AND n.agency_id = of_agency AND n.ends_at IS NULL;
END $$;

CREATE OR REPLACE FUNCTION lock.keep_sort() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM lock.refresh(NEW.case_id, NEW.agency_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION lock.keep_sort_of_ends() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM lock.refresh(NEW.case_id, NEW.sender_id);
  PERFORM lock.refresh(NEW.case_id, NEW.receiver_id);
  RETURN NULL;
END $$;
