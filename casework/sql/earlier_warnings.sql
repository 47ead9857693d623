-- Earlier warnings to the same person or at the same address, for who prepares one: references, dates and what was
-- alike, and never a word of what stands in a record. A case behind a wall is told as there, without its reference.
--
-- Made by: keeper
-- May call, app: lock.earlier_warnings
-- Touches: public.casework_nametoken, public.casework_personincase, public.casework_premises, public.casework_participation,
--   public.casework_steptaken, public.casework_track, public.casework_visit, public.casework_wall

CREATE OR REPLACE FUNCTION lock.earlier_warnings(of_track uuid)
RETURNS TABLE (hit uuid, called text, on_day date, matched text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t public.casework_track;
  who uuid;
  words text[];
  whole text[];
  born text;
  keys text[];
BEGIN
  SELECT * INTO t FROM public.casework_track x WHERE x.id = of_track AND x.agency_id = lock.agency() AND x.kind = 'warning';
  IF t.id IS NULL OR NOT coalesce(lock.role(), '') = ANY (lock.warning_askers())
    OR EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = t.case_id AND x.user_id = lock.person()
      AND x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment())) THEN
    RAISE insufficient_privilege USING MESSAGE = 'no warning of this agency is being prepared';
  END IF;
  SELECT p.id INTO who FROM public.casework_personincase p WHERE p.case_id = t.case_id AND p.agency_id = t.agency_id
    AND (p.id = t.subject_id OR p.role = 'subject')
    ORDER BY (p.id = t.subject_id) DESC NULLS LAST, p.made_at DESC, p.id DESC LIMIT 1;
  SELECT array_agg(n.token::text) FILTER (WHERE n.kind = 'name'), array_agg(n.token::text) FILTER (WHERE n.kind = 'whole'),
    max(n.token) FILTER (WHERE n.kind = 'born') INTO words, whole, born
    FROM public.casework_nametoken n WHERE n.person_id = lock.one_person(t.case_id, t.agency_id, who);
  SELECT array_agg(k) INTO keys FROM public.casework_premises m,
    unnest(m.address_keys) AS k
    WHERE m.case_id = t.case_id AND m.agency_id = t.agency_id AND k NOT LIKE 'near:%';
  RETURN QUERY SELECT
    CASE WHEN EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = w.case_id AND x.user_id = lock.person()
      AND x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment()))
      THEN md5(w.case_id::text || t.id)::uuid ELSE w.case_id END,
    CASE WHEN EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = w.case_id AND x.user_id = lock.person()
      AND x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment()))
      THEN NULL ELSE (SELECT x.reference::text FROM public.casework_participation x WHERE x.content_object_id = w.case_id
        AND x.group_id = lock.agency() ORDER BY x.starts_at DESC LIMIT 1) END,
    max(w.day), array_agg(DISTINCT a.matched ORDER BY a.matched)
  FROM lock.alike(coalesce(words, '{}'), coalesce(whole, '{}'), born, coalesce(keys, '{}')) a CROSS JOIN LATERAL (
    SELECT s.case_id, (s.made_at AT TIME ZONE 'Europe/Amsterdam')::date AS day FROM public.casework_steptaken s
      JOIN public.casework_track o ON o.id = s.track_id
      WHERE s.case_id = a.of_case AND s.agency_id = t.agency_id AND o.agency_id = t.agency_id AND o.kind = 'warning'
      AND s.target = 'warned' AND (o.id <> t.id OR s.made_at < t.round_began_at)
    UNION ALL SELECT v.case_id, coalesce(v.visited_on, v.planned_on) FROM public.casework_visit v
      WHERE v.case_id = a.of_case AND v.agency_id = t.agency_id AND v.outcome = ANY (lock.warned_outcomes())
      AND (v.track_id <> t.id OR v.round < t.round)) w
  WHERE a.matched = 'address' OR a.as_role = 'subject' GROUP BY w.case_id ORDER BY 3 DESC, 1;
END $$;
