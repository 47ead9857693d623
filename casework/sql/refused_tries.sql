-- A refused try is placed at the case and agency whose id was tried, at the same cost whether it is there: by the
-- rows that lie nearest (reach_case.sql).
--
-- Made by: keeper
-- May call, owner: lock.place_try
-- Touches: public.casework_agencyrecord, public.casework_case, public.casework_handoff, public.casework_track

CREATE OR REPLACE FUNCTION lock.place_try() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  what uuid;
  t record; h record; c record; o record;
BEGIN
  IF NEW.object_pk = '' THEN
    RETURN NEW;
  END IF;
  what := NEW.object_pk::uuid;
  IF what < '80000000-0000-4000-8000-000000000000' THEN
    SELECT x.id, x.case_id, x.agency_id INTO t FROM public.casework_track x WHERE x.id >= what ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.id, x.case_id, x.agency_id INTO t FROM public.casework_track x WHERE x.id <= what ORDER BY x.id DESC LIMIT 1;
  END IF;
  IF what < '80000000-0000-4000-8000-000000000000' THEN
    SELECT x.id, x.case_id, x.sender_id AS agency_id INTO h FROM public.casework_handoff x
      WHERE x.id >= what ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.id, x.case_id, x.sender_id AS agency_id INTO h FROM public.casework_handoff x
      WHERE x.id <= what ORDER BY x.id DESC LIMIT 1;
  END IF;
  IF what < '80000000-0000-4000-8000-000000000000' THEN
    SELECT x.id INTO c FROM public.casework_case x WHERE x.id >= what ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.id INTO c FROM public.casework_case x WHERE x.id <= what ORDER BY x.id DESC LIMIT 1;
  END IF;
  -- A case is a shell: whose it is says the record with which it began.
  SELECT x.agency_id INTO o FROM public.casework_agencyrecord x WHERE x.case_id = c.id
    ORDER BY x.made_at, x.agency_id LIMIT 1;
  IF t.id = what THEN
    NEW.case_id := t.case_id; NEW.record_agency_id := t.agency_id;
  ELSIF h.id = what THEN
    NEW.case_id := h.case_id; NEW.record_agency_id := h.agency_id;
  ELSIF c.id = what THEN
    NEW.case_id := c.id; NEW.record_agency_id := o.agency_id;
  END IF;
  RETURN NEW;
END $$;
