-- A wall stands before a member, in a case of the agency.
--
-- Made by: keeper
-- May call, owner: lock.fair_wall
-- Touches: public.casework_participation, public.permissions_membership

CREATE OR REPLACE FUNCTION lock.fair_wall() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.casework_participation r WHERE r.content_object_id = NEW.case_id
      AND r.group_id = NEW.agency_id AND r.ends_at IS NULL)
    OR NOT EXISTS (SELECT 1 FROM public.permissions_membership m WHERE m.user_id = NEW.user_id
      AND m.agency_id = NEW.agency_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'a wall stands before a member, in a case of the agency';
  END IF;
  RETURN NEW;
END $$;
