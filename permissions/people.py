"""SQL of who people are and how they sign in: seen by colleagues, by who signs in as themselves, and by nobody else.

With nobody acting nothing of it is listed. One person is found by the name they typed, or by the id in their session, where
the application signed that it asks; the hash of a password goes no other way.
"""

from audit.roles import APP, KEEPER, OWNER
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.guard import ACTING, ACTION, AGENCY, PERSON, ROLE, Rights, among
from permissions.rights import AGREEMENTS, CONFIRMATIONS, PARTNERSHIPS
from permissions.vocabulary import Action

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
_SERVES = f"{ROLE} = 'migration'"
_PEOPLE = among(ACTION, ["migrate", "manage_people"])
_AGENCIES = among(ACTION, ["migrate", "manage_agencies"])
_OWN_PEOPLE = f"{ACTION} = 'migrate' OR ({ACTION} = 'manage_people' AND agency_id = {AGENCY})"
_WATCHERS = sorted({*roles_with(Action.SEE_ACCESS_LOG, Cell.AGENCY, Cell.NAMED), *roles_with(Action.SEE_CASE_LOG, Cell.OWN)})
_HERE = f"m.user_id = permissions_user.id AND m.agency_id = {AGENCY}"
_COLLEAGUE = f"EXISTS (SELECT 1 FROM permissions_membership m WHERE {_HERE})"  # noqa: S608 - our own words alone
_SIGNS_IN = f"{ACTION} = 'record_sign_in' AND {ROLE} = 'sign_in' AND user_id = {PERSON}"
_TRIES = f"{ACTION} = 'record_sign_in' AND {among(ROLE, ['sign_in', 'visitor'])}"
SHOWN = ("id", "username", "email", "full_name", "is_active", "is_system", "is_superuser", "language")
"""What one sees of a colleague: everything but the hash of the password."""
RIGHTS = (
    Rights("permissions_agency", ACTING, _AGENCIES, _AGENCIES),
    Rights(
        "permissions_user",
        f"{_SERVES} OR id = {PERSON} OR ({ACTING} AND is_system) OR {_COLLEAGUE} OR lock.looked_here(id)",
        _PEOPLE,
        f"{_PEOPLE} OR id = {PERSON}",
        ("full_name", "email", "is_active", "language", "password"),
        SHOWN,
    ),
    Rights(
        "permissions_membership",
        f"{_SERVES} OR agency_id = {AGENCY} OR user_id = {PERSON}",
        _OWN_PEOPLE,
        _OWN_PEOPLE,
        ("ends_at", "roles"),
    ),
    AGREEMENTS,
    PARTNERSHIPS,
    CONFIRMATIONS,
)
"""The tables that say who acts, guarded since they were made."""


def _kept(table: str, rule: str) -> Rights:
    return Rights(table, rule, rule, rule, remove=rule)


OF_LIBRARIES = (
    Rights("auth_group", _AGENCIES, _AGENCIES),
    _kept("mfa_authenticator", _SIGNS_IN),
    _kept("account_emailaddress", _SIGNS_IN),
    _kept("axes_accessattempt", _TRIES),
    _kept("axes_accessattemptexpiration", _TRIES),
)
"""Tables of libraries that have policies of ours, and no trail of their own."""

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION lock.signing_in(token text, mac bytea) RETURNS SETOF public.permissions_user
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  f text[] := string_to_array(token, '|');
  called text;
BEGIN
  IF NOT lock.is_signed(token, mac, 'sign_in') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody signs in';
  END IF;
  called := convert_from(decode(f[3], 'hex'), 'UTF8');
  RETURN QUERY SELECT u.* FROM public.permissions_user u WHERE u.id = nullif(f[4], '')::int
    OR (f[4] = '' AND upper(u.username) = upper(called)) ORDER BY u.username = called DESC, u.id LIMIT 1;
END $$;
CREATE OR REPLACE FUNCTION lock.memberships(token text, mac bytea) RETURNS TABLE (id uuid, agency_id int, roles text[],
  runs boolean, starts_at timestamptz, name text, language text, hash text, kind text, agency text, controller text)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  f text[] := string_to_array(token, '|');
BEGIN
  IF NOT lock.is_signed(token, mac, 'memberships') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody asks who this is';
  END IF;
  RETURN QUERY SELECT m.id, m.agency_id, m.roles::text[],
      m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now()) AND u.is_active AND a.is_active, m.starts_at,
      u.full_name::text, u.language::text, u.password::text, a.kind::text, a.name::text, a.controller::text
    FROM public.permissions_membership m JOIN public.permissions_user u ON u.id = m.user_id
    JOIN public.permissions_agency a ON a.group_id = m.agency_id
    WHERE m.user_id = f[3]::int ORDER BY m.starts_at, m.id;
END $$;
CREATE OR REPLACE FUNCTION lock.looked_here(who bigint) RETURNS boolean LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  -- Whoever watches over the records of an organisation reads the names of others who looked, or tried to.
  IF lock.agency() IS NULL OR NOT {among("coalesce(lock.role(), '')", _WATCHERS)} THEN
    RETURN false;
  END IF;
  RETURN EXISTS (SELECT 1 FROM public.audit_entry e WHERE e.record_agency_id = lock.agency()
    AND who IN (e.actor_id, e.on_behalf_of_id)
    AND (e.agency_id IS NULL OR e.agency_id < e.record_agency_id OR e.agency_id > e.record_agency_id OR e.action = 5));
END $$;
CREATE OR REPLACE FUNCTION lock.note_factor() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  a lock.acting;
  whose int := CASE TG_OP WHEN 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
BEGIN
  SELECT * INTO a FROM lock.acting WHERE pid = pg_backend_pid() AND xact = pg_current_xact_id_if_assigned();
  IF a.person IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody is acting';
  END IF;
  INSERT INTO public.audit_entry (content_type_id, object_pk, action, verb, word, outcome, role, purpose, basis)
    SELECT c.id, whose::text, 4, 'govern', CASE TG_OP WHEN 'INSERT' THEN 'second_factor_added'
      WHEN 'DELETE' THEN 'second_factor_removed' ELSE 'second_factor_changed' END, 'done', '', '', ''
    FROM public.django_content_type c WHERE c.app_label = 'permissions' AND c.model = 'user';
  RETURN NULL;
END $$;
"""  # noqa: S608 - our own words alone
CALLS = "lock.signing_in(text, bytea), lock.memberships(text, bytea), lock.looked_here(bigint)"
TABLES = ", ".join(rights.table for rights in OF_LIBRARIES)
SETTLE = (
    f"SET ROLE {KEEPER};{FUNCTIONS}REVOKE ALL ON FUNCTION {CALLS}, lock.note_factor() FROM PUBLIC;"
    f"GRANT EXECUTE ON FUNCTION {CALLS} TO {APP}; GRANT EXECUTE ON FUNCTION lock.note_factor() TO {OWNER}; RESET ROLE;"
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLES} TO {KEEPER};"
    + "".join(
        f"ALTER TABLE {rights.table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {rights.table} FORCE ROW LEVEL SECURITY;"
        f"DROP POLICY IF EXISTS keeper_all ON {rights.table};"
        f"CREATE POLICY keeper_all ON {rights.table} TO {KEEPER} USING (true) WITH CHECK (true);"
        for rights in OF_LIBRARIES
    )
    + "".join(rights.sql() for rights in (*RIGHTS, *OF_LIBRARIES))
    + "DROP TRIGGER IF EXISTS factor_entry ON mfa_authenticator;"
    "CREATE TRIGGER factor_entry AFTER INSERT OR DELETE OR UPDATE OF data, type, user_id ON mfa_authenticator"
    " FOR EACH ROW EXECUTE FUNCTION lock.note_factor();"
)
"""Settled at every `prepare`, whatever was there before."""
