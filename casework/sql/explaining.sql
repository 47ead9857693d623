-- By what somebody has or had access to a case, at the agency of who asks.
--
-- Made by: keeper
-- May call, app: lock.grants_of
-- Touches: public.casework_agencyrecord, public.casework_emergency, public.casework_handoff, public.casework_assignment,
--   public.casework_participation, public.casework_steptaken, public.casework_track, public.casework_wall,
--   public.permissions_membership

CREATE OR REPLACE FUNCTION lock.grants_of(of_case uuid)
RETURNS TABLE (kind text, person int, agency int, why text, giver int, since timestamptz, until timestamptz,
  basis text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'explain_access' OR NOT lock.role() = ANY (lock.access_explainers())
    OR NOT (NOT lock.role() = ANY (lock.named_overseers()) OR EXISTS (SELECT 1 FROM public.casework_assignment y
      WHERE y.content_object_id = of_case AND y.user_id = lock.person() AND y.agency_id = lock.agency()
      AND y.starts_at <= lock.current_moment() AND (y.ends_at IS NULL OR y.ends_at > lock.current_moment()))) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody explains access';
  END IF;
  RETURN QUERY SELECT g.a::text, g.b::int, g.c::int, g.d::text, g.e::int, g.f, g.h, g.i::text FROM (
    SELECT 'participation', NULL::int, r.group_id, r.reason::text, r.giver_id, r.starts_at, r.ends_at, r.basis
      FROM public.casework_participation r WHERE r.content_object_id = of_case AND r.group_id = lock.agency()
    UNION ALL SELECT 'assignment', n.user_id, n.agency_id, n.reason::text, n.giver_id, n.starts_at, n.ends_at, n.basis
      FROM public.casework_assignment n WHERE n.content_object_id = of_case AND n.agency_id = lock.agency()
    UNION ALL SELECT 'keeps', NULL::int, a.agency_id, 'record', a.made_by_id, a.made_at, NULL::timestamptz, a.basis
      FROM public.casework_agencyrecord a WHERE a.case_id = of_case AND a.agency_id = lock.agency()
    UNION ALL SELECT 'keeps', NULL::int, t.agency_id, t.kind::text, t.made_by_id, t.made_at, NULL::timestamptz, t.basis
      FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = lock.agency()
    UNION ALL SELECT 'wall', w.user_id, w.agency_id, '', NULL::int, w.starts_at, w.ends_at, ''
      FROM public.casework_wall w WHERE w.case_id = of_case AND (w.agency_id = lock.agency() OR EXISTS (
        SELECT 1 FROM public.permissions_membership m WHERE m.user_id = w.user_id AND m.agency_id = lock.agency()))
    UNION ALL SELECT 'emergency', e.user_id, e.asker_agency_id, e.code::text, NULL::int, e.starts_at,
      least(e.ended_at, e.ends_at), ''
      FROM public.casework_emergency e WHERE e.case_id = of_case AND e.agency_id = lock.agency()
    UNION ALL SELECT 'sender', NULL::int, h.sender_id, h.kind::text, h.editor_id, h.made_at, NULL::timestamptz, h.basis
      FROM public.casework_handoff h WHERE h.case_id = of_case AND h.sender_id = lock.agency()
    UNION ALL SELECT 'receiver', NULL::int, h.receiver_id, h.kind::text, NULL::int, min(s.made_at), NULL::timestamptz,
      h.basis
      FROM public.casework_handoff h JOIN public.casework_steptaken s ON s.handoff_id = h.id AND s.target = 'delivered'
      WHERE h.case_id = of_case AND h.receiver_id = lock.agency() GROUP BY h.id) AS g (a, b, c, d, e, f, h, i);
END $$;
