-- Finds the people of other organisations who looked at the records of an organisation, or tried to: whoever watches over
-- those records may read their names. The row policy of people asks it.
--
-- Made by: keeper
-- May call, app: lock.looked_here
-- Touches: public.audit_entry

CREATE OR REPLACE FUNCTION lock.looked_here(who bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
  -- Whoever watches over the records of an organisation reads the names of others who looked, or tried to.
  IF lock.agency() IS NULL OR NOT coalesce(lock.role(), '') = ANY (lock.watchers()) THEN
    RETURN false;
  END IF;
  -- Each is found by an index of its own, at the same cost however many others looked.
  RETURN EXISTS (SELECT 1 FROM public.audit_entry e WHERE e.record_agency_id = lock.agency() AND e.actor_id = who
    AND (e.agency_id IS NULL OR e.agency_id < e.record_agency_id OR e.agency_id > e.record_agency_id OR e.action = 5))
    OR EXISTS (SELECT 1 FROM public.audit_entry e WHERE e.record_agency_id = lock.agency() AND e.on_behalf_of_id = who
    AND (e.agency_id IS NULL OR e.agency_id < e.record_agency_id OR e.agency_id > e.record_agency_id OR e.action = 5));
END $$;
