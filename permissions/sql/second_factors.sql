-- Tries of a second factor: counted before a code is looked at, and a code that was right is right once, whichever
-- process is asked (permissions/factors.py).
--
-- Made by: keeper
-- May call, app: lock.try_factor, lock.use_factor
-- Touches: public.permissions_factortry

CREATE OR REPLACE FUNCTION lock.try_factor(token text, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f text[] := string_to_array(token, '|');
BEGIN
  IF NOT lock.is_signed(token, mac, 'try_factor') THEN
    RAISE insufficient_privilege USING MESSAGE = 'the try is not signed';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('second factor'), f[3]::int);
  IF (SELECT count(*) FROM public.permissions_factortry t WHERE t.person_id = f[3]::int AND t.mark = ''
      AND t.at > now() - make_interval(mins => f[4]::int)) >= f[5]::int THEN
    RETURN false;
  END IF;
  INSERT INTO public.permissions_factortry (person_id, mark, at) VALUES (f[3]::int, '', now());
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION lock.use_factor(token text, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f text[] := string_to_array(token, '|');
BEGIN
  IF NOT lock.is_signed(token, mac, 'use_factor') THEN
    RAISE insufficient_privilege USING MESSAGE = 'the try is not signed';
  END IF;
  DELETE FROM public.permissions_factortry t WHERE t.at < now() - interval '1 day';
  INSERT INTO public.permissions_factortry (person_id, mark, at) VALUES (f[3]::int, f[4], now()) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM public.permissions_factortry t WHERE t.person_id = f[3]::int AND t.mark = '';
  RETURN true;
END $$;
