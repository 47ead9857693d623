-- Whether a case is within reach of who acts, at the same cost whether it is hidden or not there.
--
-- A row policy is asked of a row that is found, so a look that begins at the table touches more when something is
-- hidden than when nothing is there. Here the row that lies nearest to the id asked for is taken, which there is in
-- either case (upwards or downwards, whichever is the longer way to the end of all ids); the same questions are asked
-- about it, none depending on the answer before, and what came out counts only where the id is the row's own. The
-- page then fetches by the answer: an id within reach, or none.
--
-- The rules are those of casework/lock/policies.py, which tests/policy/test_reach_rules.py compares, with answers in the
-- place of what they look up; an answer may be wider than the policy, which still decides, and is never narrower.
--
-- Made by: keeper
-- May call, app: lock.reach_case
-- Touches: lock.acting, public.casework_emergency, public.casework_handoff, public.casework_assignment,
--   public.casework_participation, public.casework_wall

CREATE OR REPLACE FUNCTION lock.reach_case(asked uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  a lock.acting;
  r record;
  n record;
  s record;
  t record;
  named boolean;
  unwalled boolean;
  broken boolean;
  at_end boolean;
BEGIN
  SELECT * INTO a FROM lock.acting x WHERE x.pid = pg_backend_pid() AND x.xact = pg_current_xact_id_if_assigned();
  SELECT x.content_object_id, x.ends_at, x.group_id, x.keeps, x.starts_at INTO r FROM public.casework_participation x
    WHERE (x.group_id, x.content_object_id) >= (a.agency, asked)
    ORDER BY x.group_id, x.content_object_id, x.ends_at DESC LIMIT 1;
  SELECT x.user_id, x.agency_id, x.content_object_id, x.ends_at INTO n FROM public.casework_assignment x
    WHERE (x.user_id, x.agency_id, x.content_object_id) >= (a.person, a.agency, asked)
    ORDER BY x.user_id, x.agency_id, x.content_object_id, x.ends_at DESC LIMIT 1;
  named := (n.user_id, n.agency_id, n.content_object_id) = (a.person, a.agency, asked)
    AND (n.ends_at IS NULL OR n.ends_at > a.moment);
  unwalled := asked <> ALL (ARRAY(SELECT x.case_id FROM public.casework_wall x WHERE x.user_id = a.person
    AND x.starts_at <= a.moment AND (x.ends_at IS NULL OR x.ends_at > a.moment)));
  broken := asked = ANY (ARRAY(SELECT x.case_id FROM public.casework_emergency x WHERE x.user_id = a.person
    AND x.asker_agency_id = a.agency AND x.ended_at IS NULL AND x.ends_at > a.moment));
  -- Upwards only, like the index of assignments and participations that tells which of several rows ended last: so the
  -- last agency finds no row beyond its own last case.
  SELECT x.sender_id AS agency, x.case_id INTO s FROM public.casework_handoff x
    WHERE (x.sender_id, x.case_id) >= (a.agency, asked) ORDER BY x.sender_id, x.case_id LIMIT 1;
  SELECT x.receiver_id AS agency, x.case_id INTO t FROM public.casework_handoff x
    WHERE (x.receiver_id, x.case_id) >= (a.agency, asked) ORDER BY x.receiver_id, x.case_id LIMIT 1;
  at_end := (s.agency, s.case_id) = (a.agency, asked) OR (t.agency, t.case_id) = (a.agency, asked);
  RETURN CASE WHEN a.person IS NOT NULL AND (
    (r.content_object_id = asked AND (r.group_id = a.agency
      AND r.starts_at <= a.moment AND (r.ends_at IS NULL OR r.ends_at > a.moment)
      AND (a.role IN ('courier', 'scheduler') OR (((a.role = ANY (lock.case_leaders()) AND r.keeps)
        OR (a.role = ANY (lock.case_workers()) AND named)
        OR (a.role = ANY (lock.case_end_readers()) AND at_end)) AND unwalled))))
    OR (a.action = ANY (lock.emergency_actions()) AND a.role = ANY (lock.emergency_askers()) AND broken AND unwalled)
  ) THEN asked END;
END $$;
