-- Which case an agency calls by this reference: answered to who explains access or reads its log, and to nobody
-- behind a wall.
--
-- Made by: keeper
-- May call, app: lock.case_of_reference
-- Touches: public.casework_assignment, public.casework_participation, public.casework_wall

CREATE OR REPLACE FUNCTION lock.case_of_reference(called text) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT lock.role() = ANY (lock.reference_readers()) THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT r.content_object_id FROM public.casework_participation r
    WHERE r.group_id = lock.agency() AND r.reference = called
    AND (NOT lock.role() = ANY (lock.named_overseers())
      OR EXISTS (SELECT 1 FROM public.casework_assignment y WHERE y.content_object_id = r.content_object_id
        AND y.user_id = lock.person() AND y.agency_id = lock.agency() AND y.starts_at <= lock.current_moment()
        AND (y.ends_at IS NULL OR y.ends_at > lock.current_moment())))
    AND NOT EXISTS (SELECT 1 FROM public.casework_wall w WHERE w.user_id = lock.person()
      AND w.case_id = r.content_object_id AND w.starts_at <= lock.current_moment()
      AND (w.ends_at IS NULL OR w.ends_at > lock.current_moment()))
    ORDER BY r.starts_at DESC LIMIT 1);
END $$;
