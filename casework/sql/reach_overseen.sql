-- Whether the acting agency takes part in a case, for a role that watches over records and sees no case: at the same cost
-- whether it does or not, as reach_case.sql says.
--
-- Made by: keeper
-- May call, app: lock.reach_overseen
-- Touches: lock.acting, public.casework_participation, public.casework_wall

CREATE OR REPLACE FUNCTION lock.reach_overseen(asked uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  a lock.acting;
  r record;
  unwalled boolean;
BEGIN
  SELECT * INTO a FROM lock.acting x WHERE x.pid = pg_backend_pid() AND x.xact = pg_current_xact_id_if_assigned();
  SELECT x.content_object_id, x.ends_at, x.group_id, x.starts_at INTO r FROM public.casework_participation x
    WHERE (x.group_id, x.content_object_id) >= (a.agency, asked)
    ORDER BY x.group_id, x.content_object_id, x.ends_at DESC LIMIT 1;
  unwalled := asked <> ALL (ARRAY(SELECT x.case_id FROM public.casework_wall x WHERE x.user_id = a.person
    AND x.starts_at <= a.moment AND (x.ends_at IS NULL OR x.ends_at > a.moment)));
  RETURN CASE WHEN a.person IS NOT NULL AND (
    r.content_object_id = asked AND (r.group_id = a.agency
      AND r.starts_at <= a.moment AND (r.ends_at IS NULL OR r.ends_at > a.moment)
      AND a.role = ANY (lock.seeing_no_case()) AND unwalled)
  ) THEN asked END;
END $$;
