"""Functions of the keeper: intents, which a worker finds one at a time by an id that the application signed."""

from audit.roles import APP, KEEPER
from permissions.guard import ACTING, AGENCY, PERSON, ROLE, Rights, among
from permissions.vocabulary import SYSTEM_ROLES

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
_CARRIES_OUT = f"agency_id = {AGENCY} AND ({among(ROLE, sorted(SYSTEM_ROLES))} OR on_behalf_of_id = {PERSON})"
RIGHTS = Rights("casework_outbox", f"agency_id = {AGENCY}", ACTING, _CARRIES_OUT, ("done_at", "tries"))
"""An act adds intents, sees those of its own agency, and marks done what it carries out."""

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION lock.intent(token text, mac bytea) RETURNS SETOF public.casework_outbox
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  f text[] := string_to_array(token, '|');
BEGIN
  IF NOT lock.is_signed(token, mac, 'intent') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody carries out an intent';
  END IF;
  RETURN QUERY SELECT o.* FROM public.casework_outbox o WHERE o.id = f[3]::uuid AND o.done_at IS NULL
    AND o.due_at <= CASE WHEN f[4] <> '' AND (SELECT i.is_scenario FROM lock.installation i) THEN f[4]::timestamptz
      ELSE now() END;
END $$;
CREATE OR REPLACE FUNCTION lock.intent_too_late(token text, mac bytea) RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  f text[] := string_to_array(token, '|');
BEGIN
  IF NOT lock.is_signed(token, mac, 'intent_too_late') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody carries out an intent';
  END IF;
  UPDATE public.casework_outbox o SET done_at = o.due_at, tries = o.tries + 1 WHERE o.id = f[3]::uuid AND o.done_at IS NULL;
  RETURN FOUND;
END $$;
CREATE OR REPLACE FUNCTION lock.sender_is_walled(of_handoff uuid) RETURNS boolean LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE h public.casework_handoff := lock.at_end(of_handoff);
BEGIN
  IF lock.role() IS DISTINCT FROM 'courier' OR lock.action() IS DISTINCT FROM 'deliver_handoff' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nothing is delivered here';
  END IF;
  RETURN EXISTS (SELECT 1 FROM lock.acting a JOIN public.casework_wall w ON w.user_id = a.on_behalf_of
    WHERE a.pid = pg_backend_pid() AND a.xact = pg_current_xact_id_if_assigned() AND w.case_id = h.case_id
    AND w.starts_at <= lock.current_moment() AND (w.ends_at IS NULL OR w.ends_at > lock.current_moment()));
END $$;
"""  # noqa: S608 - our own words alone
CALLS = "lock.intent(text, bytea), lock.intent_too_late(text, bytea), lock.sender_is_walled(uuid)"
OPEN = f"""
GRANT SELECT, INSERT, UPDATE ON casework_outbox TO {KEEPER};
SET ROLE {KEEPER};
{FUNCTIONS}
REVOKE ALL ON FUNCTION {CALLS} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {CALLS} TO {APP};
RESET ROLE;
ALTER TABLE casework_outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_outbox FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS keeper_all ON casework_outbox;
CREATE POLICY keeper_all ON casework_outbox TO {KEEPER} USING (true) WITH CHECK (true);
"""  # noqa: S608 - our own words alone
SETTLE = OPEN + RIGHTS.sql()
"""Settled at every `prepare`, whatever was there before."""
