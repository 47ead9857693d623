-- Entries are added and never changed; destroy_expired.sql alone removes those whose time is over.
--
-- Made by: keeper
-- May call, owner: trail.refuse
-- Touches: nothing

CREATE OR REPLACE FUNCTION trail.refuse() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
    IF trail.is_due(OLD) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE insufficient_privilege USING MESSAGE = 'the trail is only added to';
END $$;
