-- The looks of a period, one row for each person, case and day, with the figures by which an outlier is found
-- (casework/oversight/outliers.py). What others looked at is found by the condition of the index entry_by_others, in its
-- words (audit/models.py).
--
-- Made by: keeper
-- May call, app: lock.looks
-- Touches: public.audit_entry, public.casework_emergency, public.casework_nametoken, public.casework_assignment,
--   public.casework_participation, public.casework_wall

CREATE OR REPLACE FUNCTION lock.looks(since timestamptz, until timestamptz, people int[], surnames text[])
RETURNS TABLE (person int, of_case uuid, on_day date, times int, busiest int, is_named boolean, has_worked boolean,
  leads boolean, has_own_surname boolean, outside_hours int, is_closed boolean, checks int, emergencies int,
  called text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE mine int := lock.agency();
BEGIN
  IF NOT coalesce(lock.role(), '') = ANY (lock.overseers()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody reviews looks';
  END IF;
  RETURN QUERY WITH seen AS MATERIALIZED (
    SELECT e.actor_id, e.case_id, e.occurred_at, e.role, (e.occurred_at AT TIME ZONE 'Europe/Amsterdam') AS at
    FROM public.audit_entry e WHERE e.agency_id = mine AND e.occurred_at >= since AND e.occurred_at < until
      AND e.verb = 'consult' AND e.outcome = 'done' AND e.case_id IS NOT NULL AND e.actor_id >= 100
    UNION ALL SELECT e.actor_id, e.case_id, e.occurred_at, e.role, (e.occurred_at AT TIME ZONE 'Europe/Amsterdam')
    FROM public.audit_entry e WHERE e.record_agency_id = mine AND (e.agency_id IS NULL
      OR e.agency_id < e.record_agency_id OR e.agency_id > e.record_agency_id)
      AND e.occurred_at >= since AND e.occurred_at < until AND e.verb = 'consult' AND e.outcome = 'done'
      AND e.case_id IS NOT NULL AND e.actor_id >= 100),
  busy AS (
    SELECT h.actor_id, h.day, max(h.n)::int AS n FROM (
      SELECT s.actor_id, s.at::date AS day, count(*) AS n FROM seen s GROUP BY 1, 2, date_trunc('hour', s.at)) AS h
    GROUP BY 1, 2),
  folded AS (
    SELECT s.actor_id, s.case_id, s.at::date AS day, count(*)::int AS n, min(s.occurred_at) AS first,
      bool_or(s.role = ANY (lock.leading_roles())) AS leads,
      count(*) FILTER (WHERE extract(hour FROM s.at) NOT BETWEEN 6 AND 21 OR extract(isodow FROM s.at) > 5)::int AS odd
    FROM seen s GROUP BY 1, 2, 3),
  surname AS (SELECT * FROM unnest(people, surnames) AS p (person, token)),
  asked AS (
    SELECT e.actor_id, (e.occurred_at AT TIME ZONE 'Europe/Amsterdam')::date AS day, count(*)::int AS n
    FROM public.audit_entry e WHERE e.agency_id = mine AND e.occurred_at >= since AND e.occurred_at < until
      AND e.verb = 'consult' AND e.word = 'check_known' AND e.outcome = 'done' GROUP BY 1, 2)
  SELECT f.actor_id::int, f.case_id, f.day, f.n, b.n, k.is_named,
    (k.is_closed OR NOT (k.is_named OR f.leads)) AND EXISTS (SELECT 1 FROM public.audit_entry w
      WHERE w.case_id = f.case_id AND w.actor_id = f.actor_id
      AND w.verb IN ('collect', 'alter', 'provide') AND w.word NOT IN ('ask_emergency', 'end_emergency')
      AND w.occurred_at BETWEEN f.first - interval '14 days' AND f.first + interval '14 days'),
    f.leads,
    EXISTS (SELECT 1 FROM surname p JOIN public.casework_nametoken t ON t.kind = 'name' AND t.token = p.token
      WHERE p.person = f.actor_id AND t.case_id = f.case_id),
    f.odd, k.is_closed,
    coalesce(a.n, 0),
    (SELECT count(*)::int FROM public.casework_emergency g WHERE g.user_id = f.actor_id
      AND g.starts_at > f.first - interval '7 days' AND g.starts_at <= f.first + interval '1 day'),
    (SELECT r.reference::text FROM public.casework_participation r
      WHERE r.content_object_id = f.case_id AND r.group_id = mine
      ORDER BY r.starts_at DESC LIMIT 1)
  FROM folded f JOIN busy b ON b.actor_id = f.actor_id AND b.day = f.day
    CROSS JOIN LATERAL (SELECT
      EXISTS (SELECT 1 FROM public.casework_assignment x WHERE x.content_object_id = f.case_id AND x.user_id = f.actor_id
        AND x.starts_at <= f.first AND (x.ends_at IS NULL OR x.ends_at > f.first)) AS is_named,
      EXISTS (SELECT 1 FROM public.casework_participation r WHERE r.content_object_id = f.case_id AND r.group_id = mine
        AND NOT r.is_open AND r.moved_at < f.first - interval '30 days') AS is_closed) AS k
    LEFT JOIN asked a ON a.actor_id = f.actor_id AND a.day = f.day
  WHERE NOT EXISTS (SELECT 1 FROM public.casework_wall v WHERE v.case_id = f.case_id AND v.user_id = lock.person()
    AND v.starts_at <= lock.current_moment() AND (v.ends_at IS NULL OR v.ends_at > lock.current_moment()))
    AND (NOT lock.role() = ANY (lock.named_overseers()) OR EXISTS (SELECT 1 FROM public.casework_assignment y
      WHERE y.content_object_id = f.case_id AND y.user_id = lock.person() AND y.agency_id = lock.agency()
      AND y.starts_at <= lock.current_moment() AND (y.ends_at IS NULL OR y.ends_at > lock.current_moment())));
END $$;
