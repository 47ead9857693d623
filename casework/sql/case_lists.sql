-- What a list needs to know of people whom its reader may not look up one by one.
--
-- What stands in the way of a row is asked for that row alone: as an anti-join, a database without statistics would
-- compare every case with every assignment. A package that was only delivered is work of the desk, with all that its
-- delivery began; what the agency began before needs somebody all the same. Who is still there, in a role that works
-- on cases, is found once, and looked up in no index: with a sum the planner does not make one search for each of them. A
-- plan that was made while a table was small must serve a long day: it reads no whole table for each case.
--
-- Made by: keeper
-- May call, app: lock.unheld_cases, lock.unseen_signals, lock.stuck_findings
-- Touches: public.audit_entry, public.casework_finding, public.casework_handoff, public.casework_assignment,
--   public.casework_participation, public.casework_storedfact, public.casework_track, public.casework_wall,
--   public.permissions_membership, public.permissions_user

CREATE OR REPLACE FUNCTION lock.unheld_cases() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  clock timestamptz := lock.current_moment();
  here int[] := ARRAY(SELECT m.user_id FROM public.permissions_membership m
    JOIN public.permissions_user u ON u.id = m.user_id WHERE m.agency_id = lock.agency() AND u.is_active
    AND m.roles && lock.working_roles()::varchar[]
    AND m.starts_at <= clock AND (m.ends_at IS NULL OR m.ends_at > clock));
BEGIN
  IF NOT coalesce(lock.role(), '') = ANY (lock.assigners()) THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(SELECT r.content_object_id FROM public.casework_participation r
    WHERE r.group_id = lock.agency() AND r.is_open AND r.starts_at <= clock AND (r.ends_at IS NULL OR r.ends_at > clock)
    AND (SELECT 1 FROM public.casework_assignment n
      WHERE n.content_object_id = r.content_object_id AND n.agency_id = r.group_id AND (n.user_id + 0) = ANY (here)
      AND n.starts_at <= clock AND (n.ends_at IS NULL OR n.ends_at > clock)
      AND NOT EXISTS (SELECT 1 FROM public.casework_wall w WHERE w.case_id = r.content_object_id AND w.user_id = n.user_id
        AND w.starts_at <= clock AND (w.ends_at IS NULL OR w.ends_at > clock)) LIMIT 1) IS NULL
    AND ((SELECT 1 FROM public.casework_handoff h WHERE h.case_id = r.content_object_id
      AND h.receiver_id = r.group_id AND h.state = 'delivered' LIMIT 1) IS NULL
      OR (SELECT 1 FROM public.casework_track t WHERE t.case_id = r.content_object_id AND t.agency_id = r.group_id
        AND NOT EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.id = t.began_by_handoff_id
          AND h.state = 'delivered') LIMIT 1) IS NOT NULL));
END $$;

-- A report that was joined to a household at intake was seen once the trail says that its worker opened the case; for
-- who sees every case, once anybody but its maker did.
CREATE OR REPLACE FUNCTION lock.unseen_signals() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  sees_all boolean := coalesce(lock.role(), '') = ANY (lock.record_leaders());
BEGIN
  RETURN ARRAY(SELECT f.id FROM public.casework_storedfact f WHERE f.agency_id = lock.agency() AND f.fact = 'new_signal'
    AND f.action IN ('open_case', 'accept_handoff')
    AND NOT EXISTS (SELECT 1 FROM public.audit_entry e WHERE e.case_id = f.case_id
      AND e.agency_id = f.agency_id AND e.word IN ('read_record', 'print_case') AND e.outcome = 'done'
      AND e.occurred_at > f.made_at AND (e.actor_id = lock.person() OR (sees_all AND e.actor_id <> f.made_by_id)))
    ORDER BY f.made_at);
END $$;

-- The cases of open findings that nobody of the agency may close: who could is gone, behind a wall, or it is about
-- them. Of what they say, nothing; a finding without a case is told of by NULL. Never to the person whom a finding
-- concerns.
CREATE OR REPLACE FUNCTION lock.stuck_findings() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  clock timestamptz := lock.current_moment();
BEGIN
  IF NOT coalesce(lock.role(), '') = ANY (lock.wall_lifters()) THEN
    RETURN '{}';
  END IF;
  RETURN ARRAY(SELECT DISTINCT f.case_id FROM public.casework_finding f
    WHERE f.agency_id = lock.agency() AND f.closed_at IS NULL
    AND f.about_id IS DISTINCT FROM lock.person() AND lock.person() <> ALL (f.people)
    AND NOT EXISTS (SELECT 1 FROM public.permissions_membership m JOIN public.permissions_user u ON u.id = m.user_id
      WHERE m.agency_id = f.agency_id AND u.is_active AND m.user_id IS DISTINCT FROM f.about_id
      AND m.user_id <> ALL (f.people)
      AND m.starts_at <= clock AND (m.ends_at IS NULL OR m.ends_at > clock)
      AND (m.roles && lock.finding_closers()::varchar[] OR (m.roles && lock.named_finding_closers()::varchar[] AND EXISTS (
        SELECT 1 FROM public.casework_assignment n WHERE n.content_object_id = f.case_id AND n.agency_id = f.agency_id
        AND n.user_id = m.user_id AND n.starts_at <= clock AND (n.ends_at IS NULL OR n.ends_at > clock))))
      AND NOT EXISTS (SELECT 1 FROM public.casework_wall w WHERE w.case_id = f.case_id AND w.user_id = m.user_id
        AND w.starts_at <= clock AND (w.ends_at IS NULL OR w.ends_at > clock))));
END $$;
