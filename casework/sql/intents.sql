-- Intents, which a worker finds one at a time by an id that the application signed.
--
-- Made by: keeper
-- May call, app: lock.intent, lock.intent_too_late, lock.sender_is_walled
-- Touches: lock.acting, public.casework_handoff, public.casework_outbox, public.casework_wall

CREATE OR REPLACE FUNCTION lock.intent(token text, mac bytea) RETURNS SETOF public.casework_outbox
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := lock.said_now(token, mac, 'intent');
BEGIN
  RETURN QUERY SELECT o.* FROM public.casework_outbox o WHERE o.id = (said->>'intent')::uuid AND o.done_at IS NULL
    AND o.due_at <= lock.told_moment((said->>'moment')::timestamptz);
END $$;

CREATE OR REPLACE FUNCTION lock.intent_too_late(token text, mac bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := lock.said_now(token, mac, 'intent_too_late');
BEGIN
  UPDATE public.casework_outbox o SET done_at = o.due_at, tries = o.tries + 1
    WHERE o.id = (said->>'intent')::uuid AND o.done_at IS NULL;
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION lock.sender_is_walled(of_handoff uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h public.casework_handoff := lock.at_end(of_handoff);
BEGIN
  IF lock.role() IS DISTINCT FROM 'courier' OR lock.action() IS DISTINCT FROM 'deliver_handoff' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nothing is delivered here';
  END IF;
  RETURN EXISTS (SELECT 1 FROM lock.acting a JOIN public.casework_wall w ON w.user_id = a.on_behalf_of
    WHERE a.pid = pg_backend_pid() AND a.xact = pg_current_xact_id_if_assigned() AND w.case_id = h.case_id
    AND w.starts_at <= lock.current_moment() AND (w.ends_at IS NULL OR w.ends_at > lock.current_moment()));
END $$;
