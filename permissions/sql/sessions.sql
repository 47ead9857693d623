-- Sign-ins: looked up by the hash of a key, and stored only as the application signed them (permissions/sessions.py).
--
-- Made by: keeper
-- May call, app: lock.session, lock.store_session, lock.end_session, lock.clear_sessions
-- Touches: public.django_session

CREATE OR REPLACE FUNCTION lock.session(hashed text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT s.session_data FROM public.django_session s WHERE s.session_key = hashed AND s.expire_date > now());
END $$;

CREATE OR REPLACE FUNCTION lock.store_session(token text, mac bytea, held text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := lock.said_now(token, mac, 'session');
BEGIN
  IF said->>'held' IS DISTINCT FROM encode(sha256(convert_to(held, 'UTF8')), 'hex') THEN
    RAISE insufficient_privilege USING MESSAGE = 'the session is not signed';
  END IF;
  IF (said->>'is_new')::boolean THEN
    INSERT INTO public.django_session (session_key, session_data, expire_date)
      VALUES (said->>'key', held, (said->>'until')::timestamptz)
      ON CONFLICT DO NOTHING;
  ELSE
    UPDATE public.django_session s SET session_data = held, expire_date = (said->>'until')::timestamptz
      WHERE s.session_key = said->>'key';
  END IF;
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION lock.end_session(hashed text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM public.django_session s WHERE s.session_key = hashed;
END $$;

CREATE OR REPLACE FUNCTION lock.clear_sessions() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM public.django_session s WHERE s.expire_date < now();
END $$;
