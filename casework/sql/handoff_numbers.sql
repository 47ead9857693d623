-- The number of a handoff: random, whatever the application asked for, and never changed once it was given.
--
-- Made by: keeper
-- May call, owner: lock.give_number
-- Touches: public.casework_handoff

CREATE OR REPLACE FUNCTION lock.give_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.number <> '' THEN
    NEW.number := OLD.number;
    RETURN NEW;
  END IF;
  LOOP
    NEW.number := to_char(('x' || left(gen_random_uuid()::text, 8))::bit(32)::bigint % 10000000, 'FM0000000');
    NEW.number := left(NEW.number, 4) || '-' || right(NEW.number, 3);
    EXIT WHEN NOT EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.number = NEW.number);
  END LOOP;
  RETURN NEW;
END $$;
