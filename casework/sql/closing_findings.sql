-- A finding is closed once, with a reason, and never by whom it concerns.
--
-- Made by: keeper
-- May call, owner: lock.fair_closing
-- Touches: nothing

CREATE OR REPLACE FUNCTION lock.fair_closing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lock.action() = 'turn_into_advice' AND NEW.closing = '' AND NEW.closed_at IS NOT DISTINCT FROM OLD.closed_at THEN
    RETURN NEW;
  END IF;
  IF OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL OR NEW.closed_by_id IS DISTINCT FROM lock.person()
    OR btrim(NEW.closing) = '' OR lock.person() = ANY (NEW.people) THEN
    RAISE insufficient_privilege USING MESSAGE = 'a finding is closed once, with a reason, never by whom it concerns';
  END IF;
  RETURN NEW;
END $$;
