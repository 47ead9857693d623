-- Whether a track or a handoff is within reach of who acts, at the same cost whether it is hidden or not there: as
-- reach_case.sql says, by the row that lies nearest to the id asked for.
--
-- Made by: keeper
-- May call, app: lock.reach_track, lock.reach_handoff
-- Touches: lock.acting, public.casework_emergency, public.casework_handoff, public.casework_assignment,
--   public.casework_track, public.casework_wall

CREATE OR REPLACE FUNCTION lock.reach_track(asked uuid) RETURNS uuid
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
    SELECT x.agency_id, x.case_id, x.id INTO r FROM public.casework_track x WHERE x.id >= asked ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.agency_id, x.case_id, x.id INTO r FROM public.casework_track x WHERE x.id <= asked ORDER BY x.id DESC LIMIT 1;
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
    r.id = asked AND ((r.agency_id = a.agency AND (a.role IN ('courier', 'scheduler')
        OR ((a.role = ANY (lock.track_leaders()) OR (a.role = ANY (lock.track_workers()) AND named)) AND unwalled)))
      OR (a.action = ANY (lock.emergency_actions()) AND a.role = ANY (lock.emergency_askers()) AND broken AND unwalled))
  ) THEN asked END;
END $$;

CREATE OR REPLACE FUNCTION lock.reach_handoff(asked uuid) RETURNS uuid
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
    SELECT x.case_id, x.id, x.moved_at, x.receiver_id, x.sender_id, x.state INTO r FROM public.casework_handoff x
      WHERE x.id >= asked ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.case_id, x.id, x.moved_at, x.receiver_id, x.sender_id, x.state INTO r FROM public.casework_handoff x
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
    r.id = asked AND (((r.sender_id = a.agency AND (a.role IN ('courier', 'scheduler')
        OR (a.role = ANY (lock.end_readers()) OR (a.role = ANY (lock.named_end_readers()) AND named))))
      OR (r.receiver_id = a.agency AND (a.role IN ('courier', 'scheduler')
        OR ((r.state = ANY (lock.desk_states()) AND a.role = ANY (lock.desk_readers()))
          OR ((r.state = ANY (lock.taken_states()) OR (r.state = ANY (lock.ended_states())
              AND ((a.moment AT TIME ZONE 'Europe/Amsterdam')::date <= ((r.moved_at AT TIME ZONE 'Europe/Amsterdam')::date
                + make_interval(years => lock.ledger_years()))::date)))
            AND (a.role = ANY (lock.receiver_readers())
              OR (a.role = ANY (lock.end_readers()) OR (a.role = ANY (lock.named_end_readers()) AND named))))))))
      AND unwalled)
  ) THEN asked END;
END $$;
