-- Entries of looks, acts and refusals, which the application adds itself. Who acted and when is taken from the acting
-- context, whatever the application wrote there.
--
-- Made by: keeper
-- May call, owner: trail.stamp
-- Touches: lock.acting, trail.tip

CREATE OR REPLACE FUNCTION trail.stamp() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a lock.acting;
BEGIN
  SELECT * INTO a FROM lock.acting WHERE pid = pg_backend_pid() AND xact = pg_current_xact_id_if_assigned();
  IF a.person IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody is acting';
  END IF;
  NEW.actor_id := a.person; NEW.agency_id := a.agency; NEW.role := a.role; NEW.purpose := a.purpose;
  NEW.cid := a.operation::text; NEW.timestamp := clock_timestamp(); NEW.occurred_at := a.moment;
  NEW.xact := pg_current_xact_id(); NEW.changes := NULL; NEW.on_behalf_of_id := a.on_behalf_of;
  NEW.auth_strength := coalesce(a.strength, ''); NEW.client_point := coalesce(a.client, ''); NEW.trace_id := a.trace;
  NEW.policy_version := coalesce(a.policy, ''); NEW.prev_seal := (SELECT t.size FROM trail.tip t);
  IF NEW.basis = '' THEN
    NEW.basis := a.basis;
  END IF;
  RETURN NEW;
END $$;
