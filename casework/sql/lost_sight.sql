-- Tells somebody whose page shows what is out of their reach by now whose act took it away: a colleague took them off the
-- case, or the package ended. Nobody else learns that it was there, and nobody learns of a wall. Their own look is
-- searched for among the 500000 newest entries of the trail.
--
-- Made by: keeper
-- May call, app: lock.lost_sight
-- Touches: public.audit_entry, public.casework_handoff, public.casework_assignment, public.casework_steptaken,
--   public.casework_track, public.casework_wall, public.django_content_type

CREATE OR REPLACE FUNCTION lock.lost_sight(asked uuid)
RETURNS TABLE (action text, state text, at timestamptz, agency int, colleague int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE about uuid;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.audit_entry e WHERE e.actor_id = lock.person()
      AND e.id > (SELECT max(x.id) FROM public.audit_entry x) - 500000 AND e.agency_id = lock.agency()
      AND e.object_pk = asked::text AND e.verb = 'consult' AND e.outcome = 'done') THEN
    RETURN;
  END IF;
  about := coalesce((SELECT t.case_id FROM public.casework_track t WHERE t.id = asked),
    (SELECT h.case_id FROM public.casework_handoff h WHERE h.id = asked), asked);
  IF EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = about AND x.user_id = lock.person()
    AND x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment())) THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT s.action::text, s.target::text, s.made_at, s.agency_id::int, NULL::int
    FROM public.casework_steptaken s
    JOIN public.casework_handoff h ON h.id = s.handoff_id AND h.receiver_id = lock.agency()
    AND h.state IN ('refused', 'withdrawn', 'expired') AND s.target = h.state
    WHERE h.id = asked ORDER BY s.made_at DESC, s.id LIMIT 1;
  IF FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT 'assign', 'taken_off', n.ends_at, n.agency_id::int, e.actor_id::int FROM public.casework_assignment n
    JOIN public.audit_entry e ON e.object_pk = n.id::text AND e.word = 'assign' AND e.actor_id <> n.user_id
      AND e.content_type_id = (SELECT c.id FROM public.django_content_type c
        WHERE c.app_label = 'casework' AND c.model = 'naming')
      AND e.action = 1
    WHERE n.user_id = lock.person() AND n.agency_id = lock.agency() AND n.content_object_id = about
      AND n.ends_at <= lock.current_moment() AND NOT EXISTS (SELECT 1 FROM public.casework_assignment x
        WHERE x.user_id = n.user_id AND x.agency_id = n.agency_id AND x.content_object_id = about
        AND x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment()))
    ORDER BY n.ends_at DESC, e.id DESC LIMIT 1;
END $$;
