-- People are removed from a record that becomes advice, by an act of two. Tables that stay hold no content, or lose
-- it in a way of their own.
--
-- Made by: keeper
-- May call, app: lock.remove_people
-- Touches: public.casework_approval, public.casework_emergency, public.casework_finding, public.casework_handoff,
--   public.casework_knowncheck, public.casework_packageitem, public.casework_storedfact, public.casework_track,
--   public.casework_wall

-- EXECUTE, for the tables of the record are found by their columns, and a name of a table is no parameter.
CREATE OR REPLACE FUNCTION lock.remove_people(of_track uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t public.casework_track;
  name text;
BEGIN
  SELECT * INTO t FROM public.casework_track x WHERE x.id = of_track AND x.agency_id = lock.agency() FOR UPDATE;
  IF lock.action() IS DISTINCT FROM 'turn_into_advice' OR t.id IS NULL OR t.kind <> 'safety' OR t.state <> 'received'
    OR NOT EXISTS (SELECT 1 FROM public.casework_approval a WHERE a.track_id = t.id AND a.action = 'turn_into_advice'
      AND a.version = t.version AND a.approved_by_id <> a.asked_by_id)
    OR EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.case_id = t.case_id AND lock.agency() IN (h.sender_id,
      h.receiver_id) AND NOT (h.state IN ('refused', 'withdrawn', 'expired')
      AND (h.receiver_id = lock.agency() OR h.delivered = '{}'))) THEN
    RAISE insufficient_privilege USING MESSAGE = 'people are removed by two, where a report becomes advice';
  END IF;
  UPDATE public.casework_track x SET subject_id = NULL WHERE x.case_id = t.case_id AND x.agency_id = t.agency_id;
  FOR name IN SELECT c.table_name FROM information_schema.columns c WHERE c.table_schema = 'public'
      AND c.table_name LIKE 'casework\_%' AND c.column_name IN ('case_id', 'agency_id', 'made_by_id')
      AND c.table_name <> ALL (ARRAY['casework_agencyrecord', 'casework_track', 'casework_steptaken',
        'casework_approval', 'casework_storedfact'])
      GROUP BY c.table_name HAVING count(*) = 3 ORDER BY coalesce(array_position(ARRAY['casework_personincase',
      'casework_household', 'casework_premises'], c.table_name::text), 0) LOOP
    EXECUTE format('DELETE FROM public.%I WHERE case_id = $1 AND agency_id = $2', name) USING t.case_id, t.agency_id;
  END LOOP;
  DELETE FROM public.casework_knowncheck k WHERE k.case_id = t.case_id AND k.agency_id = t.agency_id;
  DELETE FROM public.casework_storedfact f WHERE f.case_id = t.case_id AND f.agency_id = t.agency_id
    AND NOT (f.track_id = t.id AND f.action = 'turn_into_advice' AND f.made_at = lock.current_moment());
  DELETE FROM public.casework_approval a WHERE a.case_id = t.case_id AND a.agency_id = t.agency_id
    AND NOT (a.track_id = t.id AND a.action = 'turn_into_advice' AND a.version = t.version
      AND a.approved_by_id IS NOT NULL);
  UPDATE public.casework_approval a SET reason = '', approver_reason = '' WHERE a.case_id = t.case_id
    AND a.agency_id = t.agency_id;
  UPDATE public.casework_wall w SET reason = '', lift_reason = '', lifted_reason = '' WHERE w.case_id = t.case_id
    AND w.agency_id = t.agency_id;
  UPDATE public.casework_emergency e SET reason = '', verdict_reason = '' WHERE e.case_id = t.case_id
    AND e.agency_id = t.agency_id;
  UPDATE public.casework_finding f SET text = '', closing = '' WHERE f.case_id = t.case_id AND f.agency_id = t.agency_id;
  DELETE FROM public.casework_packageitem i USING public.casework_handoff h WHERE h.id = i.handoff_id
    AND h.case_id = t.case_id AND h.sender_id = t.agency_id;
  UPDATE public.casework_handoff h SET why_items = '', why_receiver = '', why_now = '', special_reason = '',
      interest = '', letter = '', task = '', authority_name = '', functionary_name = '', request = ''
    WHERE h.case_id = t.case_id AND h.sender_id = t.agency_id;
  PERFORM trail.destroy_versions(t.case_id, t.agency_id);
END $$;
