-- At which end of a handoff who acts stands. The courier goes from one end to the other.
--
-- Made by: keeper
-- May call, app: lock.stand_at
-- May call, nobody: lock.at_end
-- Touches: lock.acting, public.casework_handoff

CREATE OR REPLACE FUNCTION lock.at_end(of_handoff uuid) RETURNS public.casework_handoff
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h public.casework_handoff;
BEGIN
  SELECT * INTO h FROM public.casework_handoff x WHERE x.id = of_handoff;
  IF h.id IS NULL OR lock.agency() IS NULL OR lock.agency() NOT IN (h.sender_id, h.receiver_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'not at an end of this handoff';
  END IF;
  RETURN h;
END $$;

CREATE OR REPLACE FUNCTION lock.stand_at(of_handoff uuid, at_sender boolean) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  h public.casework_handoff := lock.at_end(of_handoff);
  there int := CASE WHEN at_sender THEN h.sender_id ELSE h.receiver_id END;
BEGIN
  IF lock.role() IS DISTINCT FROM 'courier' OR NOT (lock.action() = 'deliver_handoff' AND (NOT at_sender
    OR h.state = 'sent')
    OR lock.action() = 'deliver_correction' AND h.state = ANY (lock.arrived_states())) THEN
    RAISE insufficient_privilege USING MESSAGE = 'only the courier goes from one end to the other';
  END IF;
  UPDATE lock.acting a SET agency = there WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
    AND a.xact = pg_current_xact_id_if_assigned();
  RETURN there;
END $$;
