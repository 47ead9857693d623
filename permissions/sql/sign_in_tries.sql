-- Tries to sign in, by a mark of address, name or device: counted for all processes together, before a password is looked
-- at (permissions/tries.py).
--
-- Made by: keeper
-- May call, app: lock.try_sign_in, lock.forget_sign_in
-- Touches: public.permissions_signintry

CREATE OR REPLACE FUNCTION lock.try_sign_in(token text, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := lock.said_now(token, mac, 'try_sign_in');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('sign-in'), hashtext(said->>'mark'));
  DELETE FROM public.permissions_signintry t WHERE t.id IN (
    SELECT o.id FROM public.permissions_signintry o WHERE o.at < now() - interval '2 hours' FOR UPDATE SKIP LOCKED);
  IF (SELECT count(*) FROM public.permissions_signintry t WHERE t.mark = said->>'mark'
      AND t.at > now() - make_interval(mins => (said->>'minutes')::int)) >= (said->>'most')::int THEN
    RETURN false;
  END IF;
  INSERT INTO public.permissions_signintry (mark, at) VALUES (said->>'mark', clock_timestamp());
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION lock.forget_sign_in(token text, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := lock.said_now(token, mac, 'forget_sign_in');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('sign-in'), hashtext(said->>'mark'));
  DELETE FROM public.permissions_signintry t WHERE t.id = (
    SELECT max(o.id) FROM public.permissions_signintry o WHERE o.mark = said->>'mark');
  RETURN FOUND;
END $$;
