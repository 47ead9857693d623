-- What of the sender's record does not go with a package, and what must not: asked by whoever sees the package at its
-- sender, and by the courier. Neither reads any more of the record by it.
--
-- Made by: keeper
-- May call, app: lock.record_items, lock.holds_secret, lock.article_of_record, lock.reporter_to_inform
-- Touches: public.casework_agencyrecord, public.casework_citizennumber, public.casework_criterion,
--   public.casework_handoff, public.casework_assignment, public.casework_note, public.casework_packageitem,
--   public.casework_personincase, public.casework_premises, public.casework_source, public.casework_storedfact,
--   public.casework_visit, public.casework_wall

CREATE OR REPLACE FUNCTION lock.record_items(of_handoff uuid)
RETURNS TABLE (kind text, item uuid, label text, on_day date, known_to text, is_replaced boolean, is_secret boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  h public.casework_handoff;
BEGIN
  SELECT * INTO h FROM public.casework_handoff y WHERE y.id = of_handoff AND y.sender_id = lock.agency()
    AND y.state IN ('prepared', 'checked');
  IF h.id IS NULL OR EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = h.case_id
    AND x.user_id = lock.person() AND x.starts_at <= lock.current_moment()
    AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment()))
    OR NOT (coalesce(lock.role(), '') = ANY (lock.end_readers())
    OR (coalesce(lock.role(), '') = ANY (lock.named_end_readers()) AND EXISTS (SELECT 1 FROM public.casework_assignment x
      WHERE x.content_object_id = h.case_id AND x.user_id = lock.person() AND x.agency_id = lock.agency()
      AND x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment())))) THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT f.a, f.b, f.c, f.d, f.p, f.e, f.a IN ('contact', 'premises')
    AND f.b IN (SELECT lock.marked_secret(h.case_id, h.sender_id)) FROM (
    SELECT 1 AS o, 'person' AS a, x.id AS b, x.role::text AS c, NULL::date AS d, 'day' AS p, false AS e, x.made_at AS at
      FROM public.casework_personincase x WHERE x.case_id = h.case_id AND x.agency_id = h.sender_id
    UNION ALL SELECT 2, 'contact', x.id, x.role::text, NULL, 'day', false, x.made_at
      FROM public.casework_personincase x WHERE x.case_id = h.case_id AND x.agency_id = h.sender_id AND x.contact <> ''
    UNION ALL SELECT 3, 'premises', x.id, 'premises', NULL, 'day', false, x.made_at
      FROM public.casework_premises x WHERE x.case_id = h.case_id AND x.agency_id = h.sender_id
    UNION ALL SELECT 4, 'note', x.id, x.kind::text,
      coalesce(x.happened_on, (x.made_at AT TIME ZONE 'Europe/Amsterdam')::date),
      CASE WHEN x.happened_on IS NULL THEN 'day' ELSE x.happened_precision::text END,
      EXISTS (SELECT 1 FROM public.casework_note n WHERE n.corrects_id = x.id), x.made_at
      FROM public.casework_note x WHERE x.case_id = h.case_id AND x.agency_id = h.sender_id
    UNION ALL SELECT 5, 'fact', x.id, x.fact::text, coalesce(x.on_date, (x.made_at AT TIME ZONE 'Europe/Amsterdam')::date),
      'day',
      EXISTS (SELECT 1 FROM public.casework_storedfact n WHERE n.case_id = x.case_id AND n.agency_id = x.agency_id
        AND n.fact = x.fact AND (n.track_id, n.person_id) IS NOT DISTINCT FROM (x.track_id, x.person_id)
        AND n.replaced_by_id IS NULL AND (n.made_at, n.id) > (x.made_at, x.id)), x.made_at
      FROM public.casework_storedfact x WHERE x.case_id = h.case_id AND x.agency_id = h.sender_id
      AND x.handoff_id IS NULL AND x.replaced_by_id IS NULL
      AND x.fact NOT IN ('reason', 'trigger', 'question', 'prior_warning_look_up', 'prior_warning_hit')
    UNION ALL SELECT 6, 'visit', x.id, 'visit_report', coalesce(x.visited_on, x.planned_on), 'day', false, x.made_at
      FROM public.casework_visit x WHERE x.case_id = h.case_id AND x.agency_id = h.sender_id
    UNION ALL SELECT 7, 'source', x.id, 'source', NULL, 'day', false, x.made_at
      FROM public.casework_source x WHERE x.case_id = h.case_id AND x.agency_id = h.sender_id
    UNION ALL SELECT 8, 'criteria', NULL, 'criteria', NULL, 'day', false, max(x.made_at)
      FROM public.casework_criterion x WHERE x.case_id = h.case_id AND x.agency_id = h.sender_id HAVING count(*) > 0
    UNION ALL SELECT 9, 'citizen_number', x.id, 'citizen_number', NULL, 'day', false, x.made_at
      FROM public.casework_citizennumber x WHERE x.case_id = h.case_id AND x.agency_id = h.sender_id) f
      ORDER BY f.o, f.at, f.b;
END $$;

CREATE OR REPLACE FUNCTION lock.holds_secret(of_handoff uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM public.casework_handoff h JOIN public.casework_packageitem i ON i.handoff_id = h.id
    AND i.package = h.package AND i."group" IN ('contact', 'household')
    WHERE h.id = of_handoff AND h.sender_id = lock.agency() AND h.state IN ('prepared', 'checked', 'sent')
    AND coalesce(lock.role(), '') = ANY (lock.package_weighers()) AND NOT EXISTS (SELECT 1 FROM public.casework_wall x
      WHERE x.case_id = h.case_id AND x.user_id = lock.person() AND x.starts_at <= lock.current_moment()
      AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment()))
    AND i.origin_id IN (SELECT lock.marked_secret(h.case_id, h.sender_id)));
END $$;

CREATE OR REPLACE FUNCTION lock.article_of_record(of_handoff uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT r.wpg_article::text FROM public.casework_handoff h
    JOIN public.casework_agencyrecord r ON r.case_id = h.case_id AND r.agency_id = h.sender_id
    WHERE h.id = of_handoff AND h.sender_id = lock.agency()
    AND (h.state IN ('prepared', 'checked', 'sent') OR lock.action() = 'deliver_correction')
    AND coalesce(lock.role(), '') = ANY (lock.package_weighers()) AND NOT EXISTS (SELECT 1 FROM public.casework_wall x
      WHERE x.case_id = h.case_id AND x.user_id = lock.person() AND x.starts_at <= lock.current_moment()
      AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment())));
END $$;

CREATE OR REPLACE FUNCTION lock.reporter_to_inform(of_case uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT CASE WHEN EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = of_case
    AND x.user_id = lock.person() AND x.starts_at <= lock.current_moment()
    AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment()))
    OR NOT coalesce(lock.role(), '') = ANY (lock.record_workers()) THEN NULL
    WHEN bool_or(s.is_protected AND NOT s.nameless) THEN 'protected'
    WHEN bool_or(NOT s.nameless) THEN 'known'
    WHEN EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.case_id = of_case AND h.receiver_id = lock.agency()
      AND h.kind = 'concern_report' AND h.delivered <> '{}') THEN 'agency'
    WHEN count(*) > 0 THEN 'nameless' ELSE 'none' END
  FROM (SELECT x.is_protected, x.kind = 'anonymous' AND x.name = '' AND x.contact = '' AS nameless
    FROM public.casework_source x WHERE x.case_id = of_case AND x.agency_id = lock.agency()) s);
END $$;
