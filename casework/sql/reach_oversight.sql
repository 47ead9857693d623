-- Whether what is watched or asked is within reach of who acts, at the same cost whether it is hidden or not there:
-- as reach_case.sql says, by the row that lies nearest to the id asked for.
--
-- Made by: keeper
-- May call, app: lock.reach_emergency, lock.reach_known_check, lock.reach_finding, lock.reach_review,
--   lock.reach_export
-- Touches: lock.acting, public.casework_emergency, public.casework_export, public.casework_finding,
--   public.casework_knowncheck, public.casework_assignment, public.casework_review, public.casework_wall

CREATE OR REPLACE FUNCTION lock.reach_emergency(asked uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  a lock.acting;
  r record;
  n record;
  named boolean;
  unwalled boolean;
  broken boolean;
BEGIN
  SELECT * INTO a FROM lock.acting x WHERE x.pid = pg_backend_pid() AND x.xact = pg_current_xact_id_if_assigned();
  IF asked < '80000000-0000-4000-8000-000000000000' THEN
    SELECT x.agency_id, x.asker_agency_id, x.case_id, x.id, x.user_id INTO r FROM public.casework_emergency x
      WHERE x.id >= asked ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.agency_id, x.asker_agency_id, x.case_id, x.id, x.user_id INTO r FROM public.casework_emergency x
      WHERE x.id <= asked ORDER BY x.id DESC LIMIT 1;
  END IF;
  SELECT x.user_id, x.agency_id, x.content_object_id, x.ends_at INTO n FROM public.casework_assignment x
    WHERE (x.user_id, x.agency_id, x.content_object_id) >= (a.person, a.agency, r.case_id)
    ORDER BY x.user_id, x.agency_id, x.content_object_id, x.ends_at DESC LIMIT 1;
  named := (n.user_id, n.agency_id, n.content_object_id) = (a.person, a.agency, r.case_id)
    AND (n.ends_at IS NULL OR n.ends_at > a.moment);
  unwalled := r.case_id <> ALL (ARRAY(SELECT x.case_id FROM public.casework_wall x WHERE x.user_id = a.person
    AND x.starts_at <= a.moment AND (x.ends_at IS NULL OR x.ends_at > a.moment)));
  broken := r.case_id = ANY (ARRAY(SELECT x.case_id FROM public.casework_emergency x WHERE x.user_id = a.person
    AND x.asker_agency_id = a.agency AND x.ended_at IS NULL AND x.ends_at > a.moment));
  RETURN CASE WHEN a.person IS NOT NULL AND (
    r.id = asked AND (((r.user_id = a.person AND r.asker_agency_id = a.agency)
      OR (r.agency_id = a.agency AND a.role = ANY (lock.emergency_reviewers()))) AND unwalled)
  ) THEN asked END;
END $$;

CREATE OR REPLACE FUNCTION lock.reach_known_check(asked uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  a lock.acting;
  r record;
  n record;
  named boolean;
  unwalled boolean;
  broken boolean;
BEGIN
  SELECT * INTO a FROM lock.acting x WHERE x.pid = pg_backend_pid() AND x.xact = pg_current_xact_id_if_assigned();
  IF asked < '80000000-0000-4000-8000-000000000000' THEN
    SELECT x.agency_id, x.case_id, x.id INTO r FROM public.casework_knowncheck x
      WHERE x.id >= asked ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.agency_id, x.case_id, x.id INTO r FROM public.casework_knowncheck x
      WHERE x.id <= asked ORDER BY x.id DESC LIMIT 1;
  END IF;
  SELECT x.user_id, x.agency_id, x.content_object_id, x.ends_at INTO n FROM public.casework_assignment x
    WHERE (x.user_id, x.agency_id, x.content_object_id) >= (a.person, a.agency, r.case_id)
    ORDER BY x.user_id, x.agency_id, x.content_object_id, x.ends_at DESC LIMIT 1;
  named := (n.user_id, n.agency_id, n.content_object_id) = (a.person, a.agency, r.case_id)
    AND (n.ends_at IS NULL OR n.ends_at > a.moment);
  unwalled := r.case_id <> ALL (ARRAY(SELECT x.case_id FROM public.casework_wall x WHERE x.user_id = a.person
    AND x.starts_at <= a.moment AND (x.ends_at IS NULL OR x.ends_at > a.moment)));
  broken := r.case_id = ANY (ARRAY(SELECT x.case_id FROM public.casework_emergency x WHERE x.user_id = a.person
    AND x.asker_agency_id = a.agency AND x.ended_at IS NULL AND x.ends_at > a.moment));
  RETURN CASE WHEN a.person IS NOT NULL AND (
    r.id = asked AND (r.agency_id = (SELECT a.agency WHERE a.role = ANY (lock.check_answerers())) AND unwalled)
  ) THEN asked END;
END $$;

CREATE OR REPLACE FUNCTION lock.reach_finding(asked uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  a lock.acting;
  r record;
  n record;
  named boolean;
  unwalled boolean;
  broken boolean;
BEGIN
  SELECT * INTO a FROM lock.acting x WHERE x.pid = pg_backend_pid() AND x.xact = pg_current_xact_id_if_assigned();
  IF asked < '80000000-0000-4000-8000-000000000000' THEN
    SELECT x.agency_id, x.case_id, x.id, x.opened_by_id INTO r FROM public.casework_finding x
      WHERE x.id >= asked ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.agency_id, x.case_id, x.id, x.opened_by_id INTO r FROM public.casework_finding x
      WHERE x.id <= asked ORDER BY x.id DESC LIMIT 1;
  END IF;
  SELECT x.user_id, x.agency_id, x.content_object_id, x.ends_at INTO n FROM public.casework_assignment x
    WHERE (x.user_id, x.agency_id, x.content_object_id) >= (a.person, a.agency, r.case_id)
    ORDER BY x.user_id, x.agency_id, x.content_object_id, x.ends_at DESC LIMIT 1;
  named := (n.user_id, n.agency_id, n.content_object_id) = (a.person, a.agency, r.case_id)
    AND (n.ends_at IS NULL OR n.ends_at > a.moment);
  unwalled := r.case_id <> ALL (ARRAY(SELECT x.case_id FROM public.casework_wall x WHERE x.user_id = a.person
    AND x.starts_at <= a.moment AND (x.ends_at IS NULL OR x.ends_at > a.moment)));
  broken := r.case_id = ANY (ARRAY(SELECT x.case_id FROM public.casework_emergency x WHERE x.user_id = a.person
    AND x.asker_agency_id = a.agency AND x.ended_at IS NULL AND x.ends_at > a.moment));
  RETURN CASE WHEN a.person IS NOT NULL AND (
    r.id = asked AND ((r.agency_id = (SELECT a.agency WHERE a.role = ANY (lock.finding_readers()))
        AND (a.role = ANY (lock.agency_finding_readers()) OR (r.opened_by_id = a.person OR named)))
      OR (r.agency_id IS NULL AND a.role = ANY (lock.agency_finding_readers())))
  ) THEN asked END;
END $$;

CREATE OR REPLACE FUNCTION lock.reach_review(asked uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  a lock.acting;
  r record;
BEGIN
  SELECT * INTO a FROM lock.acting x WHERE x.pid = pg_backend_pid() AND x.xact = pg_current_xact_id_if_assigned();
  IF asked < '80000000-0000-4000-8000-000000000000' THEN
    SELECT x.agency_id, x.id, x.made_by_id INTO r FROM public.casework_review x
      WHERE x.id >= asked ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.agency_id, x.id, x.made_by_id INTO r FROM public.casework_review x
      WHERE x.id <= asked ORDER BY x.id DESC LIMIT 1;
  END IF;
  RETURN CASE WHEN a.person IS NOT NULL AND (
    r.id = asked AND (r.agency_id = (SELECT a.agency WHERE a.role = ANY (lock.annotators()))
      AND (a.role = ANY (lock.agency_annotators()) OR r.made_by_id = a.person))
  ) THEN asked END;
END $$;

CREATE OR REPLACE FUNCTION lock.reach_export(asked uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  a lock.acting;
  r record;
BEGIN
  SELECT * INTO a FROM lock.acting x WHERE x.pid = pg_backend_pid() AND x.xact = pg_current_xact_id_if_assigned();
  IF asked < '80000000-0000-4000-8000-000000000000' THEN
    SELECT x.agency_id, x.id, x.made_by_id INTO r FROM public.casework_export x
      WHERE x.id >= asked ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.agency_id, x.id, x.made_by_id INTO r FROM public.casework_export x
      WHERE x.id <= asked ORDER BY x.id DESC LIMIT 1;
  END IF;
  RETURN CASE WHEN a.person IS NOT NULL AND (
    r.id = asked AND (r.agency_id = (SELECT a.agency WHERE a.role = ANY (lock.trail_exporters()))
      AND r.made_by_id = a.person)
  ) THEN asked END;
END $$;
