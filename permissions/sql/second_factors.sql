-- Tries of a second factor: each is counted before its code is checked, and a correct code is accepted once, by whichever
-- process checks it (permissions/factors.py).
--
-- Made by: keeper
-- May call, app: lock.try_factor, lock.use_factor
-- Touches: public.permissions_factortry

CREATE OR REPLACE FUNCTION lock.try_factor(token text, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := lock.said_now(token, mac, 'try_factor');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('second factor'), (said->>'person')::int);
  IF (SELECT count(*) FROM public.permissions_factortry t WHERE t.person_id = (said->>'person')::int AND t.mark = ''
      AND t.at > now() - make_interval(mins => (said->>'minutes')::int)) >= (said->>'most')::int THEN
    RETURN false;
  END IF;
  INSERT INTO public.permissions_factortry (person_id, mark, at) VALUES ((said->>'person')::int, '', now());
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION lock.use_factor(token text, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := lock.said_now(token, mac, 'use_factor');
BEGIN
  DELETE FROM public.permissions_factortry t WHERE t.at < now() - interval '1 day';
  INSERT INTO public.permissions_factortry (person_id, mark, at)
    VALUES ((said->>'person')::int, said->>'mark', now()) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM public.permissions_factortry t WHERE t.person_id = (said->>'person')::int AND t.mark = '';
  RETURN true;
END $$;
