-- Grants that rest on nothing: participations and assignments for which the records give no ground. The scheduler asks it.
--
-- Made by: keeper
-- May call, app: lock.reconcile
-- Touches: public.casework_agencyrecord, public.casework_handoff, public.casework_assignment,
--   public.casework_participation, public.casework_track, public.permissions_membership

CREATE OR REPLACE FUNCTION lock.reconcile() RETURNS TABLE (what text, of_case uuid, agency int, person int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  clock timestamptz := coalesce(lock.current_moment(), now());
BEGIN
  IF lock.action() IS DISTINCT FROM 'reconcile_access' OR lock.role() IS DISTINCT FROM 'scheduler' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody reconciles';
  END IF;
  RETURN QUERY SELECT f.w, f.c, f.a::int, f.p::int FROM (
    SELECT 'a part that rests on nothing' AS w, r.content_object_id AS c, r.group_id AS a, NULL::bigint AS p
      FROM public.casework_participation r WHERE r.ends_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM public.casework_agencyrecord x WHERE x.case_id = r.content_object_id
        AND x.agency_id = r.group_id)
      AND NOT EXISTS (SELECT 1 FROM public.casework_track x WHERE x.case_id = r.content_object_id
        AND x.agency_id = r.group_id)
      AND NOT EXISTS (SELECT 1 FROM public.casework_handoff x WHERE x.case_id = r.content_object_id
        AND (x.sender_id = r.group_id OR (x.receiver_id = r.group_id
          AND x.state NOT IN ('prepared', 'checked', 'sent', 'refused', 'withdrawn', 'expired'))))
    UNION ALL SELECT 'a record without a part', x.case_id, x.agency_id, NULL FROM public.casework_agencyrecord x
      WHERE NOT EXISTS (SELECT 1 FROM public.casework_participation r WHERE r.content_object_id = x.case_id
        AND r.group_id = x.agency_id AND r.starts_at <= clock AND (r.ends_at IS NULL OR r.ends_at > clock))
    UNION ALL SELECT c.what, r.content_object_id, r.group_id, NULL FROM public.casework_participation r
      CROSS JOIN LATERAL lock.sort_keys(r.content_object_id, r.group_id) AS k
      CROSS JOIN LATERAL (VALUES ('a part that says wrongly what is kept', r.keeps <> k.keeps),
        ('a term that the list does not know', r.next_due_at <> k.next_due_at)) AS c (what, differs)
      WHERE r.ends_at IS NULL AND c.differs
    UNION ALL SELECT 'two parts at once', r.content_object_id, r.group_id, NULL FROM public.casework_participation r
      WHERE r.ends_at IS NULL GROUP BY 2, 3 HAVING count(*) > 1
    UNION ALL SELECT 'a person named without a part', n.content_object_id, n.agency_id, n.user_id
      FROM public.casework_assignment n WHERE n.ends_at IS NULL AND NOT EXISTS (SELECT 1 FROM public.casework_participation r
        WHERE r.content_object_id = n.content_object_id AND r.group_id = n.agency_id AND r.ends_at IS NULL)
    UNION ALL SELECT 'a person named who is no member', n.content_object_id, n.agency_id, n.user_id
      FROM public.casework_assignment n WHERE n.ends_at IS NULL AND NOT EXISTS (SELECT 1 FROM public.permissions_membership m
        WHERE m.user_id = n.user_id AND m.agency_id = n.agency_id AND m.starts_at <= clock
        AND (m.ends_at IS NULL OR m.ends_at > clock))
  ) AS f;
END $$;
