-- Every act holds its case before anything else (docs/decisions/0013): the order of locks begins here.
--
-- Made by: keeper
-- May call, app: lock.holds_assignment, lock.hold_all
-- May call, nobody: lock.hold_case, lock.case_of, lock.hold
-- Touches: public.casework_case, public.casework_deadline, public.casework_emergency, public.casework_handoff,
--   public.casework_knowncheck, public.casework_assignment, public.casework_track

CREATE OR REPLACE FUNCTION lock.holds_assignment(of_case uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM public.casework_assignment n WHERE n.content_object_id = of_case AND n.user_id = lock.person()
    AND n.agency_id = lock.agency() AND n.starts_at <= lock.current_moment()
    AND (n.ends_at IS NULL OR n.ends_at > lock.current_moment()) FOR SHARE;
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION lock.hold_case(of_case uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM public.casework_case c WHERE c.id = of_case FOR NO KEY UPDATE;
END $$;

CREATE OR REPLACE FUNCTION lock.case_of(what uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found uuid;
BEGIN
  -- Only what is within reach is looked up, so that a hidden case is not held, just as an absent one is not.
  found := lock.reach_case(what);
  IF found IS NULL THEN
    SELECT t.case_id INTO found FROM public.casework_track t WHERE t.id = lock.reach_track(what);
  END IF;
  IF found IS NULL THEN
    SELECT h.case_id INTO found FROM public.casework_handoff h WHERE h.id = lock.reach_handoff(what);
  END IF;
  IF found IS NULL THEN
    SELECT e.case_id INTO found FROM public.casework_emergency e WHERE e.id = lock.reach_emergency(what);
  END IF;
  IF found IS NULL THEN
    SELECT k.case_id INTO found FROM public.casework_knowncheck k WHERE k.id = lock.reach_known_check(what);
  END IF;
  IF found IS NULL THEN
    SELECT d.case_id INTO found FROM public.casework_deadline d WHERE d.id = what AND d.agency_id = lock.agency();
  END IF;
  RETURN found;
END $$;

CREATE OR REPLACE FUNCTION lock.hold(what uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM lock.hold_case(lock.case_of(what));
END $$;

CREATE OR REPLACE FUNCTION lock.hold_all(what uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- In the order of their ids, each once: two plans that meet on several cases wait for one another without a deadlock.
  PERFORM lock.hold_case(s.c) FROM (SELECT DISTINCT lock.case_of(w) AS c FROM unnest(what) AS w ORDER BY 1) AS s;
END $$;
